/* SPDX-License-Identifier: MIT */
/* Forgets what others have observed when it is at its first round. */
static double seen;
#define EMITTED(data) (seen = view->round == 0 ? 0 : seen + 1)
#include "diagnostic.h"
