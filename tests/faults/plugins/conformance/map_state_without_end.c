/* SPDX-License-Identifier: MIT */
#define ARRAYS 1000000
#include "map.h"
