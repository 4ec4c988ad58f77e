/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.struct_size = 40)
