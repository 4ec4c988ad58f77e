// SPDX-License-Identifier: MIT
#include "../../common/cosine.hpp"

#include <algorithm>

namespace {

using namespace onager::plugins;

/// Tangent kernel of an infinitely wide ReLU network with `depth` hidden layers, without biases, in
/// He scaling. With u_0 = cos(x, z) and t_0 = u_0, for each layer l
///
///   k0 = 1 - acos(u_l) / pi                    derivative's kernel
///   u_{l+1} = u_l k0 + sin(acos(u_l)) / pi     covariance of the layer's outputs, over |x||z|
///   t_{l+1} = u_{l+1} + t_l k0
///   k(x, z) = |x||z| t_depth
///
/// The derivative follows the recursion: u' = k0 u', t' = u' + t' k0 + t k0' u', where only k0' =
/// 1 / (pi sin) is singular; it counts 0 for parallel samples, see angle_of. About 40 flops a
/// layer. Source: Jacot et al. 2018; in this form Bietti, Mairal 2019.
class ReluNtk {
 public:
  explicit ReluNtk(const onager::Config& c) : depth_(c.integer("depth")) {}

  template <class T>
  ONAGER_INLINE void evaluate(const onager::DotRun<T>& run) const {
    for (std::int64_t first = 0; first < run.count; first += pairs_at_once) {
      const std::int64_t n = std::min(pairs_at_once, run.count - first);
      const T *s = run.s + first, *a = run.a + first, *b = run.b + first;
      T u[pairs_at_once], t[pairs_at_once];
      for (std::int64_t i = 0; i < n; ++i) u[i] = t[i] = start(s[i], norms_of(a[i], b[i]));
      if (run.slope_s) slopes(s, a, b, n, u, t, run.slope_s + first, run.slope_a + first);
      else values(n, u, t);
      if (!run.k) continue;
      T* k = run.k + first;
      for (std::int64_t i = 0; i < n; ++i) k[i] = t[i] * norms_of(a[i], b[i]).product;
    }
  }

 private:
  /// Implementations that differentiate arccos keep the cosine this far from 1; k(x, x) is then
  /// lower by 7e-9 of itself at depth 1, and so are numbers to compare with.
  static constexpr double nearest = 1 - 1e-15;

  /// u and t of the last layer from those of the inputs.
  template <class T>
  ONAGER_INLINE void values(std::int64_t n, T* u, T* t) const {
    for (std::int64_t layer = 0; layer < depth_; ++layer)
      for (std::int64_t i = 0; i < n; ++i) {
        const T cosine = kept_off(u[i]);
        const auto at = angle_of(cosine);
        const T k0 = T(1) - at.angle * T(1 / pi);
        u[i] = cosine * k0 + at.sine * T(1 / pi);
        t[i] = u[i] + t[i] * k0;
      }
  }

  template <class T>
  ONAGER_INLINE void slopes(const T* s, const T* a, const T* b, std::int64_t n, T* u, T* t,
                            T* __restrict slope_s, T* __restrict slope_a) const {
    T du[pairs_at_once], dt[pairs_at_once];
    for (std::int64_t i = 0; i < n; ++i) du[i] = dt[i] = T(1);
    for (std::int64_t layer = 0; layer < depth_; ++layer)
      for (std::int64_t i = 0; i < n; ++i) {
        const T cosine = kept_off(u[i]);
        const auto at = angle_of(cosine);
        const T k0 = T(1) - at.angle * T(1 / pi);
        const T dk0 = -at.slope * T(1 / pi) * du[i];
        u[i] = cosine * k0 + at.sine * T(1 / pi);
        du[i] *= k0;
        dt[i] = du[i] + dt[i] * k0 + t[i] * dk0;
        t[i] = u[i] + t[i] * k0;
      }
    for (std::int64_t i = 0; i < n; ++i) {
      const auto norms = norms_of(a[i], b[i]);
      slope_s[i] = dt[i];
      slope_a[i] = T(0.5) * norms.ratio * (t[i] - start(s[i], norms) * dt[i]);
    }
  }

  template <class T>
  ONAGER_INLINE static T kept_off(T u) {
    return u > T(nearest) ? T(nearest) : u;
  }
  template <class T>
  ONAGER_INLINE static T start(T s, const Norms<T>& norms) {
    return kept_off(cosine_of(s, norms));
  }

  std::int64_t depth_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.relu_ntk", "1.0.0", "MIT",
              onager::dot_kernel<ReluNtk>(
                  "relu_ntk", "Tangent kernel of an infinitely wide ReLU network",
                  {onager::integer("depth", 1, "Hidden layers").at_least(1).at_most(1000)})
                  .cite("Jacot, Gabriel, Hongler, Neural tangent kernel, NeurIPS 2018; Bietti, "
                        "Mairal, On the inductive bias of neural tangent kernels, NeurIPS 2019"))
