/* SPDX-License-Identifier: MIT */
/* The root of a number that is below 0 from the second round on. */
#include <math.h>
#define EMITTED(data) ((data)->largest + sqrt(0.5 - (double)view->round))
#include "diagnostic.h"
