/* SPDX-License-Identifier: MIT */
#define ROW_STEP(a) ((a)->cols)
#include "block.h"
