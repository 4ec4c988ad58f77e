/* SPDX-License-Identifier: MIT */
#define MISSING
#define EMIT                                                \
  if (view->array(view, "fact.of_my_own", &f) != ONAGER_OK) \
    return fail(data->common.host, ONAGER_NOT_FOUND, "there is no fact of my own");
#include "diagnostic.h"
