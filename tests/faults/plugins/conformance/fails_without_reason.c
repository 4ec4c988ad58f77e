/* SPDX-License-Identifier: MIT */
#define AFTER \
  if (count > 5) return ONAGER_INTERNAL;
#include "radial.h"
