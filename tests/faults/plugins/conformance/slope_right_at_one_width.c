/* SPDX-License-Identifier: MIT */
/* A factor that is 1 for the default width / 2 of the formula only. */
#define SLOPE(r2, k, rate) (-4 * (rate) * (rate) * (k) * (k))
#include "radial.h"
