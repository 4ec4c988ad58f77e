/* SPDX-License-Identifier: MIT */
#include "valid.h"

#include <fenv.h>

/* As a library does that was linked with -ffast-math. */
__attribute__((constructor)) static void change_mode(void) { fesetround(FE_TOWARDZERO); }

SPOILED((void)0)
