/* SPDX-License-Identifier: MIT */
/* Its table has no range, and its formula squares the width. */
#include <math.h>
#define WIDTH_RANGE .real_min = -INFINITY, .real_max = INFINITY
#define CREATE_EXTRA(host, data) data->width = sqrt(1 + data->width * data->width);
#include "radial.h"
