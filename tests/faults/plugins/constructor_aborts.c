/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "valid.h"

__attribute__((constructor)) static void begin(void) { abort(); }

SPOILED((void)0)
