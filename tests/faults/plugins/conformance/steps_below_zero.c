/* SPDX-License-Identifier: MIT */
#define STEPS -1
#include "steps.h"
