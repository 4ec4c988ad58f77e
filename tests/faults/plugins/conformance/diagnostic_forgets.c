/* SPDX-License-Identifier: MIT */
#define SAVED(data) ((data)->largest / 2)
#include "diagnostic.h"
