/* SPDX-License-Identifier: MIT */
static int* volatile nowhere;
#define AFTER \
  if (count > 5) *nowhere = 1;
#include "radial.h"
