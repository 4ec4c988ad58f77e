/* SPDX-License-Identifier: MIT */
/* A valid description; create() or evaluate() then do what the bandwidth says. */
#include "valid.h"

#include <fenv.h>
#include <stdlib.h>

static int* volatile nowhere;
static double wanted;

static int recurse(int depth) {
  volatile char stack[4096];
  stack[0] = (char)depth;
  return depth < 0 ? 0 : recurse(depth + 1) + stack[0];
}

static onager_status misbehave(const void* instance, int64_t count, const double* r2, double* k,
                               double* slope) {
  (void)instance, (void)count, (void)r2, (void)k, (void)slope;
  switch ((int)wanted) {
    case 1: *nowhere = 1; break;
    case 2: abort();
    case 3: return recurse(0);
    case 4: fesetround(FE_UPWARD); break;
    case 5: return ONAGER_NUMERICAL;
    case 6: return 12345;
    case 7:
      host_of_last_instance->set_error(host_of_last_instance, "the reason of a call that worked");
      break;
    default: break;
  }
  return ONAGER_OK;
}

static onager_status create_and_keep(const onager_host* host, const onager_config* config,
                                     void** instance) {
  wanted = config->values[0].real;
  if (wanted == 20) {
    host->set_error(host, "bandwidth does not go with this mode");
    return ONAGER_INVALID;
  }
  if (wanted == 21) {
    host->set_error(host, "cannot read data.csv: No such file or directory");
    return ONAGER_IO;
  }
  if (wanted == 22) return ONAGER_INTERNAL;
  if (wanted == 23) return ONAGER_OK; /* without an instance */
  radial.struct_size = wanted == 24 ? 8 : sizeof radial;
  return create(host, config, instance);
}

SPOILED((radial.evaluate_f64 = misbehave, component.create = create_and_keep))
