/* SPDX-License-Identifier: MIT */
#include "component.h"
static onager_status narrow(const void* instance, int64_t count, const float* r2, float* k,
                            float* slope) {
  int64_t i;
  (void)instance; /* the default width, whatever the parameters say */
  for (i = 0; i < count; ++i) {
    const float value = 1 / (1 + r2[i] / 4);
    if (k) k[i] = value;
    if (slope) slope[i] = -value * value / 4;
  }
  return ONAGER_OK;
}
#define EVALUATE_F32 narrow
#include "radial.h"
