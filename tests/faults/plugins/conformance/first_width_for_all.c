/* SPDX-License-Identifier: MIT */
/* The first instance of the process decides. */
static double width_of_all;
#define CREATE_EXTRA(host, data)                       \
  if (width_of_all == 0) width_of_all = (data)->width; \
  (data)->width = width_of_all;
#include "radial.h"
