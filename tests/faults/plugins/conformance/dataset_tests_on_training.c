/* SPDX-License-Identifier: MIT */
#define STREAM(split) ((void)(split), UINT64_C(0))
#include "dataset.h"
