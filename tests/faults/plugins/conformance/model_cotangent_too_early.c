/* SPDX-License-Identifier: MIT */
#define ORDER
#include "model.h"
