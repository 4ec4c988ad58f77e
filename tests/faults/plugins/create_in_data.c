/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(component.create = (onager_status(*)(const onager_host*, const onager_config*,
                                             void**))(uintptr_t)&plugin)
