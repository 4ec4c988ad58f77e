/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(component.parameter_count = 999)
