/* SPDX-License-Identifier: MIT */
/* A kernel that works for as many calls as FAULT_AFTER says, and then does what FAULT says. */
#include "valid.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int calls;
static int* volatile nowhere;

static void fault(int64_t count, double* k) {
  const char* what = getenv("FAULT");
  const char* after = getenv("FAULT_AFTER");
  if (!what || __sync_add_and_fetch(&calls, 1) <= (after ? atoi(after) : 0)) return;
  if (!strcmp(what, "segfault")) *nowhere = 1;
  if (!strcmp(what, "abort")) abort();
  if (!strcmp(what, "exit")) _exit(7);
  if (!strcmp(what, "kill")) raise(SIGKILL);
  if (!strcmp(what, "spin"))
    for (;;) sleep(1);
  if (!strcmp(what, "overrun") && k) k[count] = 1;
}

static onager_status decay(const void* instance, int64_t count, const double* r2, double* k,
                           double* slope) {
  int64_t i;
  (void)instance;
  for (i = 0; i < count; ++i) {
    const double value = 1.0 / (1.0 + r2[i]);
    if (k) k[i] = value;
    if (slope) slope[i] = -value * value;
  }
  fault(count, k);
  return ONAGER_OK;
}

SPOILED((radial.evaluate_f64 = decay))
