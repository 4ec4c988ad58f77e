/* SPDX-License-Identifier: MIT */
#define BEFORE \
  if (slope && count == 0) return ONAGER_UNSUPPORTED;
#include "radial.h"
