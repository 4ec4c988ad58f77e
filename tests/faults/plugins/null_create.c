/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(component.create = 0)
