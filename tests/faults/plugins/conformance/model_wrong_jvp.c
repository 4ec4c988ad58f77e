/* SPDX-License-Identifier: MIT */
#define JVP 0.5
#include "model.h"
