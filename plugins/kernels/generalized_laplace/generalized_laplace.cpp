// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

namespace {

// k = exp(-q^exponent), q = r/bandwidth; with u = q² the power is u^(exponent/2), so that no square
// root is needed and dk/d(r²) = -(exponent/2) u^(exponent/2) k / r².
struct GeneralizedLaplace {
  double rate, half;  // 1 / bandwidth², exponent / 2
  explicit GeneralizedLaplace(const onager::Config& c)
      : rate(1.0 / (c.real("bandwidth") * c.real("bandwidth"))), half(0.5 * c.real("exponent")) {}

  template <class T>
  onager::Radial<T> operator()(T r2) const {
    const T power = onager::math::pow(T(rate) * r2, T(half));
    const T k = onager::math::exp(-power);
    return {k, -T(half) * power * k / r2};
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.generalized_laplace", "1.0.0", "MIT",
              onager::radial_kernel<GeneralizedLaplace>(
                  "generalized_laplace", "Generalised Laplace kernel exp(-(r/bandwidth)^exponent)",
                  {onager::real("bandwidth", 1.0, "Length scale of the distance r").above(0),
                   onager::real("exponent", 1.0, "1 is the Laplace kernel, 2 a Gaussian")
                       .above(0)
                       .at_most(2)})
                  .cite("Schoenberg, Metric spaces and positive definite functions, 1938"))
