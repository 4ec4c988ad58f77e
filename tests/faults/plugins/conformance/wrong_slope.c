/* SPDX-License-Identifier: MIT */
/* The derivative by r in place of that by r². */
#include <math.h>
#define SLOPE(r2, k, rate) (-2 * sqrt(r2) * (rate) * (k) * (k))
#include "radial.h"
