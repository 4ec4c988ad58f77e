/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(component.id = "Plain-Kernel")
