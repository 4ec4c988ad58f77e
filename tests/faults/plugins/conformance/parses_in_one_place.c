/* SPDX-License-Identifier: MIT */
/* Parameters go through a variable that all threads share. */
static volatile double parsed;
#define CREATE_EXTRA(host, data)         \
  volatile int wait;                     \
  parsed = (data)->width;                \
  for (wait = 0; wait < 50000; ++wait) { \
  }                                      \
  (data)->width = parsed;
#include "radial.h"
