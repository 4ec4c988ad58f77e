/* SPDX-License-Identifier: MIT */
/* Breaks none. */
#include "radial.h"
