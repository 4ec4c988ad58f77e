/* SPDX-License-Identifier: MIT */
/* What the last instance was fitted to is what all are. */
static double scale_of_all;
#define SCALE(data) (*((void)(data), &scale_of_all))
#include "map.h"
