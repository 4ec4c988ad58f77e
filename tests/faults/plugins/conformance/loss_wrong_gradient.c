/* SPDX-License-Identifier: MIT */
#define GRADIENT 2
#include "loss.h"
