/* SPDX-License-Identifier: MIT */
/* Its table has no range, and its formula divides by the width. */
#include <math.h>
#define WIDTH_RANGE .real_min = -INFINITY, .real_max = INFINITY
#include "radial.h"
