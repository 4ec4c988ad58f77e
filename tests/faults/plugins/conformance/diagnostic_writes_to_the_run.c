/* SPDX-License-Identifier: MIT */
#define EMIT set(&f, 0, 0, 0);
#include "diagnostic.h"
