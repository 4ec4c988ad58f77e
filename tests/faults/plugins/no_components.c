/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.component_count = 0)
