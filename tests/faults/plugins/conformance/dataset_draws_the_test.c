/* SPDX-License-Identifier: MIT */
/* The stream of draw 1 is that of the test. */
#define DRAW_STREAM(number) (number)
#include "dataset.h"
