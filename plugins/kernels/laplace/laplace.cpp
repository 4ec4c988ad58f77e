// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

namespace {

struct Laplace {
  double rate;  // 1 / bandwidth
  explicit Laplace(const onager::Config& c) : rate(1.0 / c.real("bandwidth")) {}

  template <class T>
  onager::Radial<T> operator()(T r2) const {
    const T r = onager::math::sqrt(r2);
    const T k = onager::math::exp(-T(rate) * r);
    return {k, T(-0.5 * rate) * k / r};
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.laplace", "1.0.0", "MIT",
              onager::radial_kernel<Laplace>(
                  "laplace", "Laplace kernel exp(-r/bandwidth)",
                  {onager::real("bandwidth", 1.0, "Length scale of the distance r").above(0)})
                  .cite("Belkin, Ma, Mandal, To understand deep learning we need to understand "
                        "kernel learning, ICML 2018"))
