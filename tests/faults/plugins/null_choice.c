/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(choices[1] = 0)
