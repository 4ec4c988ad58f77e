// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

struct Cauchy {
  double rate;  // 1 / bandwidth²
  explicit Cauchy(const onager::Config& c)
      : rate(1 / (c.real("bandwidth") * c.real("bandwidth"))) {}

  template <class T>
  onager::Radial<T> operator()(T r2) const {
    const T k = T(1) / (T(1) + T(rate) * r2);
    return {k, -T(rate) * k * k};
  }
};

ONAGER_PLUGIN("org.example.cauchy", "1.0.0", "MIT",
              onager::radial_kernel<Cauchy>(
                  "cauchy", "Cauchy kernel 1 / (1 + r²/bandwidth²)",
                  {onager::real("bandwidth", 1.0, "Length scale of the distance r").above(0)})
                  .cite("Rasmussen, Williams, Gaussian Processes for Machine Learning, eq. 4.19"))
