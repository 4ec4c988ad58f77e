// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

// k(x, z) = (1 + r²/bandwidth²)^(-1/2) with r = |x - z|.
struct InverseMultiquadric {
  double rate;  // 1 / bandwidth²
  explicit InverseMultiquadric(const onager::Config& config)
      : rate(1 / (config.real("bandwidth") * config.real("bandwidth"))) {}

  template <class T>
  onager::Radial<T> operator()(T r2) const {
    const T k = T(1) / onager::math::sqrt(T(1) + T(rate) * r2);
    return {k, T(-0.5) * T(rate) * k * k * k};
  }
};

ONAGER_PLUGIN("org.example.inverse_multiquadric.cpp", "1.0.0", "MIT",
              onager::radial_kernel<InverseMultiquadric>(
                  "inverse_multiquadric", "Inverse multiquadric kernel (1 + r²/bandwidth²)^(-1/2)",
                  {onager::real("bandwidth", 1.0, "Length scale of the distance r").above(0)})
                  .cite("Micchelli, Interpolation of scattered data, 1986"))
