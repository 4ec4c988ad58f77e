/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(components[0] = 0)
