// SPDX-License-Identifier: MIT
#pragma once

#include <onager/simd.hpp>

#include <cstdint>

namespace onager::host {

/// r² below this share of |x|² + |z|² is summed directly: the expansion's rounding error is about
/// 4 eps (|x|² + |z|²).
template <class T>
constexpr T cancellation_threshold() {
  return sizeof(T) == sizeof(float) ? T(1e-3) : T(1e-6);
}

/// r2 <- |x|² + |z_j|² - 2 <x, z_j> for n columns z_j. Returns whether one of them cancels.
template <class T>
bool expanded_distances(std::int64_t n, T x_norm, const T* __restrict z_norms,
                        const T* __restrict products, T* __restrict r2) {
  constexpr T threshold = cancellation_threshold<T>();
  int cancelled = 0;
  widest([&]() ONAGER_INLINE_LAMBDA {
    int any = 0;
    for (std::int64_t j = 0; j < n; ++j) {
      const T sum = x_norm + z_norms[j];
      r2[j] = sum - T(2) * products[j];
      any |= r2[j] < threshold * sum;
    }
    cancelled = any;
  });
  return cancelled != 0;
}

}  // namespace onager::host
