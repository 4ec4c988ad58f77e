/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.id = (const char*)(uintptr_t)0x1234567)
