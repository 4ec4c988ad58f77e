/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(component.struct_size = 8)
