/* SPDX-License-Identifier: MIT */
#include "valid.h"

static volatile double zero = 0.0;

SPOILED(parameters[0].real_min = zero / zero)
