/* SPDX-License-Identifier: MIT */
/* Breaks none. */
#include "steps.h"
