/* SPDX-License-Identifier: MIT */
#include "valid.h"

static volatile int forever;

__attribute__((constructor)) static void begin(void) {
  for (;;) forever = 1;
}

SPOILED((void)0)
