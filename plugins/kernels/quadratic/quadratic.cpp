// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

namespace {

struct Quadratic {
  template <class T>
  onager::Dot<T> operator()(T s, T, T) const {
    return {s * s, T(2) * s, T(0)};
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.quadratic", "1.0.0", "MIT",
              onager::dot_kernel<Quadratic>("quadratic", "Quadratic kernel <x, z>²")
                  .cite("Mallinar et al., Emergence in non-neural models, ICML 2025"))
