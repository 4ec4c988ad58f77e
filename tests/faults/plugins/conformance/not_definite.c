/* SPDX-License-Identifier: MIT */
#include <math.h>
#define VALUE(r2, rate) exp(-(rate) * (r2) * (r2))
#define SLOPE(r2, k, rate) (-2 * (rate) * (r2) * (k))
#include "radial.h"
