/* SPDX-License-Identifier: MIT */
/* Breaks none. */
#include "dataset.h"
