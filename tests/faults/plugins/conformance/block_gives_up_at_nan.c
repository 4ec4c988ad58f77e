/* SPDX-License-Identifier: MIT */
/* one NaN, and nobody gets a number */
#define AFTER                       \
  for (i = 0; i < x->rows; ++i)     \
    if (isnan(at(x, i, 0)))         \
      for (f = 0; f < x->rows; ++f) \
        for (j = 0; j < z->rows; ++j) set(out, f, j, NAN);
#include "block.h"
