/* SPDX-License-Identifier: MIT */
#define EMIT
#include "diagnostic.h"
