/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.components = (const onager_component* const*)(uintptr_t)0x7000)
