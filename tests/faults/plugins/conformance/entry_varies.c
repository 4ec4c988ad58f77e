/* SPDX-License-Identifier: MIT */
#define ENTRY                                                    \
  ONAGER_EXPORT const onager_plugin* onager_plugin_entry(void) { \
    static onager_plugin copies[2];                              \
    static int calls = 0;                                        \
    copies[calls % 2] = plugin;                                  \
    return &copies[calls++ % 2];                                 \
  }
#include "radial.h"
