/* SPDX-License-Identifier: MIT */
#include <math.h>
#include "component.h"
static onager_status evaluate(const void* instance, int64_t count, const double* s, const double* a,
                              const double* b, double* k, double* slope_s, double* slope_a) {
  int64_t i;
  (void)instance, (void)b;
  for (i = 0; i < count; ++i) {
    const double value = exp(s[i] / 10 - a[i] / 20); /* and nothing of b */
    if (k) k[i] = value;
    if (slope_s) {
      slope_s[i] = value / 10;
      slope_a[i] = -value / 20;
    }
  }
  return ONAGER_OK;
}
static const onager_dot_kernel dot = {sizeof(onager_dot_kernel), 0, evaluate, NULL};
PLUGIN("kernel", ONAGER_KERNEL_DOT, dot)
