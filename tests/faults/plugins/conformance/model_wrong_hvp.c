/* SPDX-License-Identifier: MIT */
#define HVP -1
#include "model.h"
