/* SPDX-License-Identifier: MIT */
/* Two of each sample. */
#define OFFSET(split, sample) ((uint64_t)((sample) / 2) * 3)
#include "dataset.h"
