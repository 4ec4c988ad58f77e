/* SPDX-License-Identifier: MIT */
#include "component.h"
static int64_t children(const void* instance, const onager_child** out) {
  (void)instance;
  if (out) *out = NULL;
  return 0;
}
static onager_status combine(const void* instance, int64_t count, const double* const* values,
                             double* k, double* const* slopes) {
  (void)instance, (void)count, (void)values, (void)k, (void)slopes;
  return ONAGER_OK;
}
static const onager_composite_kernel composite = {sizeof(onager_composite_kernel), 0, children,
                                                  combine, NULL};
PLUGIN("kernel", ONAGER_KERNEL_COMPOSITE, composite)
