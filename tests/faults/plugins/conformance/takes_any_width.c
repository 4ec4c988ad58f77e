/* SPDX-License-Identifier: MIT */
/* Its range begins at 0, and its formula divides by the width. */
#include <math.h>
#define WIDTH_RANGE .real_min = 0, .real_max = INFINITY
#include "radial.h"
