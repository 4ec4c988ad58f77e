/* SPDX-License-Identifier: MIT */
#include <time.h>
static double now;
#define CREATE_EXTRA(host, data)           \
  {                                        \
    struct timespec time;                  \
    clock_gettime(CLOCK_MONOTONIC, &time); \
    now = (double)time.tv_nsec;            \
  }
#define NOISE (now * 1e-12)
#include "dataset.h"
