/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.id = 0)
