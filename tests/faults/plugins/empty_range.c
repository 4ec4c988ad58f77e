/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(parameters[0].real_max = -1.0)
