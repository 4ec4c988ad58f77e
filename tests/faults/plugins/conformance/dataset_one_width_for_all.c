/* SPDX-License-Identifier: MIT */
/* The width of the instance that was described last is that of all. */
static double width_of_all;
#define DESCRIBE_EXTRA(data) width_of_all = (data)->width;
#define WIDTH(data) ((void)(data), width_of_all)
#include "dataset.h"
