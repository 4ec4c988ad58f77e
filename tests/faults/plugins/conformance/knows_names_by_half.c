/* SPDX-License-Identifier: MIT */
#define SAME_NAME(id, name) (strncmp(id, name, strlen(name) - 1) == 0)
#include "radial.h"
