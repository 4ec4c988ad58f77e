// SPDX-License-Identifier: MIT
//
// One binary for every x86-64: a loop is compiled for the baseline, for AVX2 with FMA and for
// AVX-512, and the widest that the CPU has is chosen when it runs. Elsewhere the loop runs as it is
// compiled.
#pragma once

#if defined(__GNUC__)
#define ONAGER_INLINE inline __attribute__((always_inline))
#define ONAGER_INLINE_LAMBDA __attribute__((always_inline))
#else
#define ONAGER_INLINE inline
#define ONAGER_INLINE_LAMBDA
#endif

namespace onager {

#if defined(__x86_64__) && defined(__GNUC__)

namespace detail {

template <class Loop>
__attribute__((target("avx2,fma"))) void run_avx2(const Loop& loop) {
  loop();
}
template <class Loop>
__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))) void run_avx512(
    const Loop& loop) {
  loop();
}

}  // namespace detail

/// Runs a loop in the widest form this CPU has. The loop is a lambda marked ONAGER_INLINE_LAMBDA
/// that calls only what is inlined into it:
///
///   onager::widest([&]() ONAGER_INLINE_LAMBDA { for (..) k[i] = onager::math::exp(-x[i]); });
template <class Loop>
void widest(const Loop& loop) {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    detail::run_avx512(loop);
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) detail::run_avx2(loop);
  else loop();
}

#else

template <class Loop>
void widest(const Loop& loop) {
  loop();
}

#endif

}  // namespace onager
