/* SPDX-License-Identifier: MIT */
#define STATE_OF(data) ((double)(float)(data)->scale)
#include "map.h"
