/* SPDX-License-Identifier: MIT */
/* Each instance computes in the same place. */
static double of_all_instances[5000];
#define WORKSPACE(memory) of_all_instances
#include "solver.h"
