/* SPDX-License-Identifier: MIT */
/* another value when a gradient is asked for */
#define VALUE_CONSTANT (CONSTANT * (gradient ? 2 : 1))
#include "loss.h"
