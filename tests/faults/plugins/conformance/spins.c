/* SPDX-License-Identifier: MIT */
static volatile int forever = 1;
#define AFTER                    \
  while (count > 5 && forever) { \
  }
#include "radial.h"
