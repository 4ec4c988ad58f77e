/* SPDX-License-Identifier: MIT */
#define DIMENSION(d) ((d) == 3 ? -1 : (d))
#include "map.h"
