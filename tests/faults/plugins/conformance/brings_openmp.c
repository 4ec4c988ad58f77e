/* SPDX-License-Identifier: MIT */
/* It is linked with the library of OpenMP. */
#include "radial.h"
