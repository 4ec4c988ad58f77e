/* SPDX-License-Identifier: MIT */
/* Breaks none. */
#include "loss.h"
