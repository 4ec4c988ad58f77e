/* SPDX-License-Identifier: MIT */
/* Breaks none. */
#include "map.h"
