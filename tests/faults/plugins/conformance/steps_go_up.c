/* SPDX-License-Identifier: MIT */
#define DIRECTION 1
#include "steps.h"
