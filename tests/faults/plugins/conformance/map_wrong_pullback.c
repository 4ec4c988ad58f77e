/* SPDX-License-Identifier: MIT */
#define SLOPE(factor) (1 / (factor))
#include "map.h"
