/* SPDX-License-Identifier: MIT */
#define VJP 2
#include "model.h"
