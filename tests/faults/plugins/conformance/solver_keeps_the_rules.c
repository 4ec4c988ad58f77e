/* SPDX-License-Identifier: MIT */
/* Breaks none. */
#include "solver.h"
