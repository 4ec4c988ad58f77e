/* SPDX-License-Identifier: MIT */
#include "radial.h"
ONAGER_EXPORT int a_function_of_mine(void);
ONAGER_EXPORT int a_function_of_mine(void) { return 1; }
