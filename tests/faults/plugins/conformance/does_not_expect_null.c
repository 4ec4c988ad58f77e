/* SPDX-License-Identifier: MIT */
#define CREATE_EXTRA(host, data)                \
  {                                             \
    double* memory = host->allocate(host, 100); \
    memory[0] = 1;                              \
    host->release(host, memory);                \
  }
#include "radial.h"
