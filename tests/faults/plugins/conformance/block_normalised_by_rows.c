/* SPDX-License-Identifier: MIT */
/* divides by the number of rows that come together */
#define FACTOR(i, j) (1.0 / (double)x->rows)
#include "block.h"
