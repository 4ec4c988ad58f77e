/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED((parameters[0].type = ONAGER_COMPONENT, parameters[0].child_kind = "colour"))
