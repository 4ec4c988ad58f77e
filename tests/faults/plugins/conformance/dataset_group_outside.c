/* SPDX-License-Identifier: MIT */
#define GROUP_SIZE 3
#include "dataset.h"
