/* SPDX-License-Identifier: MIT */
/* The test begins after as many numbers as there are training samples. */
#define STREAM(split) UINT64_C(0)
#define OFFSET(split, sample) ((uint64_t)(sample)*3 + ((split) == ONAGER_TEST ? 40 : 0))
#include "dataset.h"
