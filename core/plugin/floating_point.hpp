// SPDX-License-Identifier: MIT
#pragma once

#include <cfenv>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace onager::host {

/// How this thread computes: rounding, denormal numbers, traps. The flags that record past
/// exceptions are left out, since every computation sets them. On x86 both units count: vectors
/// and, for long double, x87.
inline unsigned floating_point_mode() noexcept {
#if defined(__x86_64__)
  unsigned short x87;
  __asm__ volatile("fnstcw %0" : "=m"(x87));
  return (_mm_getcsr() & 0xFFC0u) | unsigned{x87} << 16;
#else
  return static_cast<unsigned>(std::fegetround());
#endif
}

inline void set_floating_point_mode(unsigned mode) noexcept {
#if defined(__x86_64__)
  const auto x87 = static_cast<unsigned short>(mode >> 16);
  __asm__ volatile("fldcw %0" : : "m"(x87));
  _mm_setcsr(mode & 0xFFC0u);
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
