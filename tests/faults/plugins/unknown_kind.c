/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(component.kind = "kernal")
