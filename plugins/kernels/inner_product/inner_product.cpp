// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

#include <algorithm>

namespace {

/// k(x, z) = sum_k c_k v^k with v = <x, z> / scale, by Horner's rule: 2 flops a coefficient, 4 with
/// the derivative. Positive definite for c_k >= 0 (Schoenberg 1942).
class InnerProduct {
 public:
  explicit InnerProduct(const onager::Config& c)
      : coefficients_(c.reals("coefficients")), rate_(1 / c.real("scale")) {
    if (coefficients_.empty())
      throw onager::Error(ONAGER_INVALID,
                          "coefficients is empty; give the c_k of sum_k c_k v^k, from k = 0 on");
  }

  template <class T>
  ONAGER_INLINE void evaluate(const onager::DotRun<T>& run) const {
    constexpr std::int64_t at_once = 256;
    for (std::int64_t first = 0; first < run.count; first += at_once) {
      const std::int64_t n = std::min(at_once, run.count - first);
      const T* s = run.s + first;
      T value[at_once], slope[at_once];
      for (std::int64_t i = 0; i < n; ++i) value[i] = slope[i] = T(0);
      for (auto c = coefficients_.rbegin(); c != coefficients_.rend(); ++c) {
        const T coefficient = T(*c);
        for (std::int64_t i = 0; i < n; ++i) {
          const T v = s[i] * T(rate_);
          slope[i] = slope[i] * v + value[i];
          value[i] = value[i] * v + coefficient;
        }
      }
      if (run.k) std::copy_n(value, n, run.k + first);
      for (std::int64_t i = 0; run.slope_s && i < n; ++i) {
        run.slope_s[first + i] = T(rate_) * slope[i];
        run.slope_a[first + i] = T(0);
      }
    }
  }

 private:
  std::vector<double> coefficients_;
  double rate_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.inner_product", "1.0.0", "MIT",
    onager::dot_kernel<InnerProduct>(
        "inner_product", "Power series sum_k c_k (<x, z> / scale)^k of the inner product",
        {onager::reals("coefficients", "c_0, c_1, .. of the series").at_least(0).required(),
         onager::real("scale", 1.0, "Divides the inner product, such as the number of features")
             .above(0)})
        .cite("Schoenberg, Positive definite functions on spheres, 1942"))
