/* SPDX-License-Identifier: MIT */
#define TANGENT_KERNEL 2
#include "model.h"
