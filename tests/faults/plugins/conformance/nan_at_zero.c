/* SPDX-License-Identifier: MIT */
#include <math.h>
/* sin(r)/r, which a plugin must know at 0; positive semi-definite in three dimensions and fewer */
#define VALUE(r2, rate) (sin(sqrt((rate) * (r2))) / sqrt((rate) * (r2)))
#define SLOPE(r2, k, rate) ((cos(sqrt((rate) * (r2))) - (k)) / (2 * (r2)))
#include "radial.h"
