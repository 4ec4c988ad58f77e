/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(parameters[0].name = "use")
