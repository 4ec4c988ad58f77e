/* SPDX-License-Identifier: MIT */
#define SAID ((uint64_t)samples)
#define INSTANCE_BYTES 32
#define BEFORE_SOLVE                                     \
  {                                                      \
    void* volatile more = host->allocate(host, 1 << 20); \
    host->release(host, more);                           \
  }
#include "solver.h"
