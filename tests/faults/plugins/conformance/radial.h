/* SPDX-License-Identifier: MIT */
/* The radial kernel k = 1 / (1 + r²/width²). Spoil it by defining before: VALUE(r2, rate),
 * SLOPE(r2, k, rate), BEFORE, AFTER (statements in evaluate), or EVALUATE_F32. */
#include "component.h"

#ifndef VALUE
#define VALUE(r2, rate) (1 / (1 + (rate) * (r2)))
#endif
#ifndef SLOPE
#define SLOPE(r2, k, rate) (-(rate) * (k) * (k))
#endif
#ifndef BEFORE
#define BEFORE
#endif
#ifndef AFTER
#define AFTER
#endif

static onager_status evaluate(const void* instance, int64_t count, const double* r2, double* k,
                              double* slope) {
  const instance_data* data = instance;
  const double rate = 1 / (data->width * data->width);
  int64_t i;
  (void)rate;
  BEFORE
  for (i = 0; i < count; ++i) {
    const double value = VALUE(r2[i], rate);
    if (k) k[i] = value;
    if (slope) slope[i] = SLOPE(r2[i], value, rate);
  }
  AFTER
  return ONAGER_OK;
}

#ifndef EVALUATE_F32
#define EVALUATE_F32 NULL
#endif

static const onager_radial_kernel radial = {sizeof(onager_radial_kernel), 0, evaluate,
                                            EVALUATE_F32};
PLUGIN("kernel", ONAGER_KERNEL_RADIAL, radial)
