/* SPDX-License-Identifier: MIT */
#define IF_IT_FAILS \
  return status == ONAGER_CANCELLED ? fail(host, ONAGER_INTERNAL, "the product failed") : status;
#include "solver.h"
