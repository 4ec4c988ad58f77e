/* SPDX-License-Identifier: MIT */
#include "valid.h"

int onager_from_the_future(void);

SPOILED(plugin.component_count = (uint32_t)onager_from_the_future())
