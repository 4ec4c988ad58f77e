// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

namespace {

// Half-integer smoothness nu, with q = sqrt(2 nu) r / bandwidth and dk/d(r²) = k'(q) q / (2 r²):
//   1/2: exp(-q)    3/2: (1 + q) exp(-q)    5/2: (1 + q + q²/3) exp(-q)
struct Matern {
  double scale;  // sqrt(2 nu) / bandwidth
  int order;     // nu = order + 1/2

  explicit Matern(const onager::Config& c) {
    const double nu = c.real("smoothness");
    if (nu != 0.5 && nu != 1.5 && nu != 2.5)
      throw onager::Error(ONAGER_INVALID, "smoothness is 0.5, 1.5 or 2.5");
    order = static_cast<int>(nu);
    scale = std::sqrt(2 * nu) / c.real("bandwidth");
  }

  template <class T>
  onager::Radial<T> operator()(T r2) const {
    const T s = T(scale), q = s * onager::math::sqrt(r2), e = onager::math::exp(-q);
    if (order == 0) return {e, T(-0.5) * s * s * e / q};
    if (order == 1) return {(T(1) + q) * e, T(-0.5) * s * s * e};
    return {(T(1) + q + q * q / T(3)) * e, T(-1) / T(6) * s * s * (T(1) + q) * e};
  }
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.matern", "1.0.0", "MIT",
    onager::radial_kernel<Matern>(
        "matern", "Matern kernel of smoothness 0.5, 1.5 or 2.5",
        {onager::real("bandwidth", 1.0, "Length scale of the distance r").above(0),
         onager::real("smoothness", 1.5, "0.5, 1.5 or 2.5: one more derivative each")
             .at_least(0.5)
             .at_most(2.5)})
        .cite("Rasmussen, Williams, Gaussian Processes for Machine Learning, 2006, eq. 4.14-4.17"))
