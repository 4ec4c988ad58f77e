/* SPDX-License-Identifier: MIT */
/* Each instance draws its samples in the same place. */
static double of_all_instances[3];
#define NUMBERS of_all_instances
#include "dataset.h"
