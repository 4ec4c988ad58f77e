/* SPDX-License-Identifier: MIT */
#include "component.h"
static onager_status describe(const void* instance, int64_t index, onager_array_info* out) {
  (void)instance, (void)index, (void)out;
  return ONAGER_NOT_FOUND;
}
static onager_status read(const void* instance, int64_t index, onager_array* out) {
  (void)instance, (void)index, (void)out;
  return ONAGER_OK;
}
static const onager_named_arrays facts = {sizeof(onager_named_arrays), 0, describe, read, NULL};
PLUGIN("dataset", ONAGER_FACTS, facts)
