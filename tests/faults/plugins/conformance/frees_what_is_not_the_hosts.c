/* SPDX-License-Identifier: MIT */
#define DESTROY_EXTRA(data) (data)->host->release((data)->host, &(data)->width);
#include "radial.h"
