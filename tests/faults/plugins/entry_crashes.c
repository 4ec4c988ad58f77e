/* SPDX-License-Identifier: MIT */
#include "valid.h"

static int* volatile nowhere;

SPOILED(*nowhere = 1)
