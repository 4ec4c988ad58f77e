/* SPDX-License-Identifier: MIT */
#define BEFORE \
  if (count < 1 && k && !slope) return fail(data->host, ONAGER_INVALID, "there is nothing to do");
#include "radial.h"
