/* SPDX-License-Identifier: MIT */
#define CREATE_EXTRA(host, data)                               \
  {                                                            \
    free(data);                                                \
    return fail(host, ONAGER_INVALID, "width is never right"); \
  }
#include "radial.h"
