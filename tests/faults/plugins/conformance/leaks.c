/* SPDX-License-Identifier: MIT */
static void* volatile lost;
#define CREATE_EXTRA(host, data) lost = malloc(100);
#include "radial.h"
