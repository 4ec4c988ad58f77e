/* SPDX-License-Identifier: MIT */
#include <math.h>
#define FINITE(number) 1
#define CURVATURE(length) (isnan(length) ? 1e300 : (length))
#define ANSWER(a) (isfinite(a) ? (a) : 0)
#include "solver.h"
