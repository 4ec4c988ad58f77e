/* SPDX-License-Identifier: MIT */
/* Breaks none. */
#include "diagnostic.h"
