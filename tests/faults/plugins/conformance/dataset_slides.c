/* SPDX-License-Identifier: MIT */
/* Samples are windows over a series. */
#define OFFSET(split, sample) ((uint64_t)(sample))
#include "dataset.h"
