/* SPDX-License-Identifier: MIT */
#define BEFORE \
  if (count > 0) ((double*)r2)[0] = 0;
#include "radial.h"
