/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.magic = 7)
