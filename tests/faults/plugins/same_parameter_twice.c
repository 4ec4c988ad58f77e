/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(parameters[1] = parameters[0])
