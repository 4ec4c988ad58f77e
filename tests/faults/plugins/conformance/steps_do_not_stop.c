/* SPDX-License-Identifier: MIT */
#define STATUS(status) \
  (status == ONAGER_CANCELLED ? fail(data->common.host, ONAGER_INTERNAL, "no gradient") : (status))
#include "steps.h"
