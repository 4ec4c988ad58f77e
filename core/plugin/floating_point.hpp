// SPDX-License-Identifier: MIT
#pragma once

#include <cfenv>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace onager::host {

/// How this thread computes: rounding, denormal numbers, traps. The flags that record past
/// exceptions are left out, since every computation sets them.
inline unsigned floating_point_mode() noexcept {
#if defined(__SSE__)
  return _mm_getcsr() & 0xFFC0u;
#else
  return static_cast<unsigned>(std::fegetround());
#endif
}

inline void set_floating_point_mode(unsigned mode) noexcept {
#if defined(__SSE__)
  _mm_setcsr(mode);
#else
  std::fesetround(static_cast<int>(mode));
#endif
}

/// Restores the whole floating-point environment when it goes.
class FloatingPointKeeper {
 public:
  FloatingPointKeeper() : mode_(floating_point_mode()) { std::fegetenv(&environment_); }
  ~FloatingPointKeeper() { std::fesetenv(&environment_); }
  FloatingPointKeeper(const FloatingPointKeeper&) = delete;
  FloatingPointKeeper& operator=(const FloatingPointKeeper&) = delete;
  bool changed() const { return floating_point_mode() != mode_; }

 private:
  std::fenv_t environment_;
  unsigned mode_;
};

}  // namespace onager::host
