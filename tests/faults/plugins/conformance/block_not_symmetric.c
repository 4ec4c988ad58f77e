/* SPDX-License-Identifier: MIT */
#define FACTOR(i, j) (1 + at(z, j, 0) / 100)
#include "block.h"
