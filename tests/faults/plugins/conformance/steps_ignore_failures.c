/* SPDX-License-Identifier: MIT */
#define STATUS(status) (status == ONAGER_NUMERICAL ? ONAGER_OK : (status))
#include "steps.h"
