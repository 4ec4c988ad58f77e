/* SPDX-License-Identifier: MIT */
#define CURVATURE 2
#include "loss.h"
