/* SPDX-License-Identifier: MIT */
#define PART_ROWS(data) ((data)->outputs + 1)
#include "model.h"
