/* SPDX-License-Identifier: MIT */
#define SLOPE(r2, k, rate) (slope[i] + -(rate) * (k) * (k))
#include "radial.h"
