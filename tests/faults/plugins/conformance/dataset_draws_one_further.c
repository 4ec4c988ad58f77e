/* SPDX-License-Identifier: MIT */
/* Each draw begins one sample after the one before. */
#define DRAW_STREAM(number) STREAM(ONAGER_TRAIN)
#define DRAW_OFFSET(number, sample) OFFSET(ONAGER_TRAIN, (uint64_t)(sample) + (number))
#include "dataset.h"
