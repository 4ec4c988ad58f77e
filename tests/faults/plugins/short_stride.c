/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(component.parameter_stride = 16)
