/* SPDX-License-Identifier: MIT */
#define SAID ((uint64_t)samples)
#define INSTANCE_BYTES 32
static void* volatile more;
#define BEFORE_SOLVE more = host->allocate(host, 1 << 20), host->release(host, more);
#include "solver.h"
