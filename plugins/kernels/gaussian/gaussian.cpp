// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

namespace {

struct Gaussian {
  double rate;  // 1 / (2 bandwidth²)
  explicit Gaussian(const onager::Config& c)
      : rate(0.5 / (c.real("bandwidth") * c.real("bandwidth"))) {}

  template <class T>
  onager::Radial<T> operator()(T r2) const {
    const T k = onager::math::exp(-T(rate) * r2);
    return {k, -T(rate) * k};
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.gaussian", "1.0.0", "MIT",
              onager::radial_kernel<Gaussian>(
                  "gaussian", "Gaussian kernel exp(-r²/(2 bandwidth²))",
                  {onager::real("bandwidth", 1.0, "Length scale of the distance r").above(0)})
                  .cite("Schoenberg, Metric spaces and positive definite functions, 1938"))
