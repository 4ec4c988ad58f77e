/* SPDX-License-Identifier: MIT */
/* Each instance computes its gradient in the same place. */
static double of_all_instances[64];
#define NUMBERS of_all_instances
#include "steps.h"
