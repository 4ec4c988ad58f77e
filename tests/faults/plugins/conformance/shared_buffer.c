/* SPDX-License-Identifier: MIT */
#include <stdint.h>
static double buffer[4096];
/* values go through a buffer that all threads share */
#define BEFORE \
  for (i = 0; i < count && i < 4096; ++i) buffer[i] = r2[i];
#define VALUE(r2_at_i, rate) (1 / (1 + (rate) * (i < 4096 ? buffer[i] : (r2_at_i))))
#include "radial.h"
