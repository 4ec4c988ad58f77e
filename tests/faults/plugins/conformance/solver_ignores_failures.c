/* SPDX-License-Identifier: MIT */
/* what was found until then is the solution */
#define IF_IT_FAILS                      \
  if (status == ONAGER_NUMERICAL) break; \
  return status;
#include "solver.h"
