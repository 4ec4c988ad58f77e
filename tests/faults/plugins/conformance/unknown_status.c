/* SPDX-License-Identifier: MIT */
#define AFTER return 12345;
#include "radial.h"
