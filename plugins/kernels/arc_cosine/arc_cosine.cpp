// SPDX-License-Identifier: MIT
#include "../../common/cosine.hpp"

#include <algorithm>
#include <cmath>

namespace {

using namespace onager::plugins;

/// Arc-cosine kernels: inner products of the outputs of infinitely wide layers with the activation
/// max(0, v)^degree (the step function for degree 0), `depth` of them one after the other.
///
///   k(x, z) = (1/pi) |x|^n |z|^n J_n(y),    y the angle between x and z,
///   J_0 = pi - y,  J_1 = sin y + (pi - y) cos y,  J_2 = 3 sin y cos y + (pi - y)(1 + 2 cos² y)
///
/// and again with the norms and the angle of the layer before. The cosine of a layer's outputs is
/// f(cos y), f = J_n / J_n(0), with f' = 1 / (pi sin y), f_0 and 4/3 f_1 for degree 0, 1, 2; the
/// norms give |x|^p |z|^p times 3^(p-1) for degree 2, p = degree^depth. The singular slope of
/// degree 0 counts 0 for parallel samples, see angle_of. About 40 flops a layer. Source: Cho, Saul
/// 2009, eq. 1-12 and section 2.3.
class ArcCosine {
 public:
  explicit ArcCosine(const onager::Config& c)
      : degree_(c.integer("degree")), depth_(c.integer("depth")) {
    if (degree_ == 2 && depth_ > 6)
      throw onager::Error(ONAGER_INVALID,
                          "degree = 2 at depth = " + std::to_string(depth_) +
                              " takes norms to the power 2^depth; depth goes up to 6 there");
    power_ = degree_ == 2 ? std::int64_t{1} << depth_ : degree_;
    factor_ = degree_ == 2 ? std::pow(3.0, static_cast<double>(power_ - 1)) : 1.0;
  }

  template <class T>
  ONAGER_INLINE void evaluate(const onager::DotRun<T>& run) const {
    if (degree_ == 0) layers<0>(run);
    else if (degree_ == 1) layers<1>(run);
    else layers<2>(run);
  }

 private:
  /// f and f' at a cosine.
  template <class T>
  struct Layer {
    T value, slope;
  };
  template <int degree, class T>
  ONAGER_INLINE static Layer<T> layer(T u) {
    const auto at = angle_of(u);
    constexpr T share = T(1 / pi);
    const T f0 = T(1) - at.angle * share;
    if constexpr (degree == 0) return {f0, -at.slope * share};
    const T f1 = u * f0 + at.sine * share;
    if constexpr (degree == 1) return {f1, f0};
    const T f2 = (T(3) * at.sine * u * share + f0 * (T(1) + T(2) * u * u)) * T(1.0 / 3);
    return {f2, T(4.0 / 3) * f1};
  }

  template <int degree, class T>
  ONAGER_INLINE void layers(const onager::DotRun<T>& run) const {
    for (std::int64_t first = 0; first < run.count; first += pairs_at_once)
      chunk<degree>(run, first, std::min(pairs_at_once, run.count - first));
  }

  template <int degree, class T>
  ONAGER_INLINE void chunk(const onager::DotRun<T>& run, std::int64_t first, std::int64_t n) const {
    const T *s = run.s + first, *a = run.a + first, *b = run.b + first;
    T u[pairs_at_once], du[pairs_at_once];
    for (std::int64_t i = 0; i < n; ++i) {
      u[i] = cosine_of(s[i], norms_of(a[i], b[i]));
      du[i] = T(1);
    }
    for (std::int64_t l = 0; l < depth_; ++l)
      for (std::int64_t i = 0; i < n; ++i) {
        const Layer<T> at = layer<degree>(u[i]);
        u[i] = at.value;
        du[i] *= at.slope;
      }
    if (run.k) {
      T* k = run.k + first;
      for (std::int64_t i = 0; i < n; ++i) {
        const auto norms = norms_of(a[i], b[i]);
        k[i] = degree == 0 ? u[i] : scale<degree>(norms) * norms.product * u[i];
      }
    }
    if (!run.slope_s) return;
    T *slope_s = run.slope_s + first, *slope_a = run.slope_a + first;
    for (std::int64_t i = 0; i < n; ++i) {
      const auto norms = norms_of(a[i], b[i]);
      const T cosine = cosine_of(s[i], norms), outer = scale<degree>(norms);
      slope_s[i] = outer * du[i];
      slope_a[i] = T(0.5) * outer * norms.ratio * (T(power_) * u[i] - cosine * du[i]);
    }
  }

  /// 3^(p-1) (|x||z|)^(p-1)
  template <int degree, class T>
  ONAGER_INLINE T scale(const Norms<T>& norms) const {
    if constexpr (degree == 0) return norms.inverse;
    if constexpr (degree == 1) return T(1);
    return T(factor_) * onager::math::power(norms.product, power_ - 1);
  }

  std::int64_t degree_, depth_, power_ = 0;
  double factor_ = 1;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.arc_cosine", "1.0.0", "MIT",
    onager::dot_kernel<ArcCosine>(
        "arc_cosine", "Arc-cosine kernel of infinitely wide layers with max(0, v)^degree",
        {onager::integer("degree", 1, "0: step function, 1: ReLU, 2: its square")
             .at_least(0)
             .at_most(2),
         onager::integer("depth", 1, "Layers, one after the other").at_least(1).at_most(1000)})
        .cite("Cho, Saul, Kernel methods for deep learning, NIPS 2009"))
