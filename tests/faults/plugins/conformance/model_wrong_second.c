/* SPDX-License-Identifier: MIT */
#define SECOND 2
#include "model.h"
