/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED((plugin.abi_minor = 5, plugin.struct_size = 4096, component.struct_size = 4096))
