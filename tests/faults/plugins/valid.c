/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED((void)0)
