/* SPDX-License-Identifier: MIT */
#define COINCIDENT 0.25
#include "block.h"
