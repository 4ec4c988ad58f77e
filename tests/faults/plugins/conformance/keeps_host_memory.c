/* SPDX-License-Identifier: MIT */
static void* volatile lost;
#define CREATE_EXTRA(host, data) lost = host->allocate(host, 100);
#include "radial.h"
