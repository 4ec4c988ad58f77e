/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.abi_major = 2)
