/* SPDX-License-Identifier: MIT */
#include <fenv.h>
#define AFTER fesetround(FE_UPWARD);
#include "radial.h"
