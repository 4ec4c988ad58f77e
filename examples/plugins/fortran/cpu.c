/* SPDX-License-Identifier: MIT */
int cpu_has_avx2(void);

int cpu_has_avx2(void) {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 0;
#endif
}
