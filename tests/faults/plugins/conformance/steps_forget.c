/* SPDX-License-Identifier: MIT */
#define SAVED(number) ((double)(float)(number))
#include "steps.h"
