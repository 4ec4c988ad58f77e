/* SPDX-License-Identifier: MIT */
static volatile double beyond;
#define AFTER beyond = r2[count];
#include "radial.h"
