/* SPDX-License-Identifier: MIT */
/* Breaks none. */
#include "model.h"
