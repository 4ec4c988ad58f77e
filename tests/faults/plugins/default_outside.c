/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(parameters[0].real_default = 200.0)
