/* SPDX-License-Identifier: MIT */
#define CREATE_EXTRA(host, data)                                          \
  {                                                                       \
    void* memory = host->allocate(host, 100);                             \
    if (memory == NULL) {                                                 \
      free(data);                                                         \
      return fail(host, ONAGER_INVALID, "width does not fit the memory"); \
    }                                                                     \
    host->release(host, memory);                                          \
  }
#include "radial.h"
