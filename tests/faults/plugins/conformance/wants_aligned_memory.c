/* SPDX-License-Identifier: MIT */
#include "component.h"
typedef double four __attribute__((vector_size(16)));
/* pairs of numbers by aligned loads */
static onager_status evaluate(const void* instance, int64_t count, const double* r2, double* k,
                              double* slope) {
  int64_t i;
  (void)instance;
  if (slope) return ONAGER_UNSUPPORTED;
  for (i = 0; i + 1 < count; i += 2) {
    volatile const four* from = (volatile const four*)(r2 + i);
    const four value = 1 / (1 + *from);
    k[i] = value[0];
    k[i + 1] = value[1];
  }
  for (; i < count; ++i) k[i] = 1 / (1 + r2[i]);
  return ONAGER_OK;
}
static const onager_radial_kernel radial = {sizeof(onager_radial_kernel), 0, evaluate, NULL};
PLUGIN("kernel", ONAGER_KERNEL_RADIAL, radial)
