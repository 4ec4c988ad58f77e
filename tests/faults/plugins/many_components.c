/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.component_count = 4000000000u)
