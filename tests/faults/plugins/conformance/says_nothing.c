/* SPDX-License-Identifier: MIT */
#define WIDTH_DOC ""
#include "radial.h"
