/* SPDX-License-Identifier: MIT */
#include "component.h"
static onager_status evaluate(const void* instance, int64_t count, const double* r2, double* k,
                              double* slope) {
  int64_t i;
  (void)instance;
  if (slope) return ONAGER_UNSUPPORTED;
  for (i = 0; i + 1 < count || (count == 1 && i == 0); ++i) k[i] = 1 / (1 + r2[i]);
  return ONAGER_OK;
}
static const onager_radial_kernel radial = {sizeof(onager_radial_kernel), 0, evaluate, NULL};
PLUGIN("kernel", ONAGER_KERNEL_RADIAL, radial)
