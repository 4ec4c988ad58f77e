/* SPDX-License-Identifier: MIT */
/* takes the slope from k where k is asked for, and forgets it where not */
#define SLOPE(r2, value, rate) (k ? -(rate) * (value) * (value) : 0)
#include "radial.h"
