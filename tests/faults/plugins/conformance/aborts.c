/* SPDX-License-Identifier: MIT */
#define AFTER \
  if (count > 5) abort();
#include "radial.h"
