/* SPDX-License-Identifier: MIT */
#define AFTER \
  if (k && count > 0) k[-1] = 0;
#include "radial.h"
