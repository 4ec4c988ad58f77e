/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.abi_minor_needed = 5)
