/* SPDX-License-Identifier: MIT */
/* The rate of the instance that began last is that of all. */
static double rate_of_all;
#define AT_THE_BEGIN(width) rate_of_all = 1 / (1 + (width));
#define RATE rate_of_all
#include "steps.h"
