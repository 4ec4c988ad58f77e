/* SPDX-License-Identifier: MIT */
#define AFTER \
  if (count > 5) exit(0);
#include "radial.h"
