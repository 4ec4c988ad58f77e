/* SPDX-License-Identifier: MIT */
/* Breaks none. */
#include "block.h"
