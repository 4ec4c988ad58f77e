/* SPDX-License-Identifier: MIT */
#define AFTER \
  if (k) k[count] = 0;
#include "radial.h"
