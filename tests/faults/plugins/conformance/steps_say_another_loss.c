/* SPDX-License-Identifier: MIT */
#define SAID_LOSS (2 * loss)
#include "steps.h"
