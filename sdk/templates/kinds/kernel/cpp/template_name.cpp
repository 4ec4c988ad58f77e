#include <onager/kernel.hpp>

// k(x, z) = 1 / (1 + r²/bandwidth²) with r = |x - z|. The host calls this with r², as float and as
// double, and makes matrices, gradients and feature learning of it.
struct TemplateName {
  double rate;  // 1 / bandwidth²
  explicit TemplateName(const onager::Config& config)
      : rate(1 / (config.real("bandwidth") * config.real("bandwidth"))) {}

  template <class T>
  onager::Radial<T> operator()(T r2) const {
    const T k = T(1) / (T(1) + T(rate) * r2);
    return {k, -T(rate) * k * k};  // the value and its derivative by r²
  }
};

ONAGER_PLUGIN("org.example.template_name", "0.1.0", "MIT",
              onager::radial_kernel<TemplateName>(
                  "template_name", "Kernel 1 / (1 + r²/bandwidth²) of the distance r",
                  {onager::real("bandwidth", 1.0, "Distance at which k is 1/2").above(0)}))
