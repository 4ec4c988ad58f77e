/* SPDX-License-Identifier: MIT */
static double drift = 0;
#define VALUE(r2, rate) (1 / (1 + (rate) * (r2)) + (drift += 1e-9))
#include "radial.h"
