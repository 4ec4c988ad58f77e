/* SPDX-License-Identifier: MIT */
static double width_of_all;
#define CREATE_EXTRA(host, data) width_of_all = data->width;
#define VALUE(r2, rate) (1 / (1 + (r2) / (width_of_all * width_of_all)))
#define SLOPE(r2, k, rate) (-(k) * (k) / (width_of_all * width_of_all))
#include "radial.h"
