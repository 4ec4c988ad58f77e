/* SPDX-License-Identifier: MIT */
#define MISSING f.rows = f.cols = 1;
#include "diagnostic.h"
