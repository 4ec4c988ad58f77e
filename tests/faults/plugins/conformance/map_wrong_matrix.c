/* SPDX-License-Identifier: MIT */
#define MATRIX(factor) (1 / (factor))
#include "map.h"
