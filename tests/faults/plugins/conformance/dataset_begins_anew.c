/* SPDX-License-Identifier: MIT */
/* Every sample begins where the first does. */
#define OFFSET(split, sample) ((void)(sample), UINT64_C(0))
#include "dataset.h"
