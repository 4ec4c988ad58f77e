/* SPDX-License-Identifier: MIT */
#define OFFERS_TOO(id) NULL
#include "component.h"
static onager_status describe(const void* instance, int64_t index, onager_array_info* out) {
  (void)instance, (void)index, (void)out;
  return ONAGER_NOT_FOUND;
}
static onager_status read(const void* instance, int64_t index, onager_array* out) {
  (void)instance, (void)index, (void)out;
  return ONAGER_OK;
}
static onager_status write(void* instance, const char* name, const onager_array* value) {
  (void)name, (void)value;
  return fail(((instance_data*)instance)->host, ONAGER_NOT_FOUND, "no state of that name");
}
static const onager_named_arrays state = {sizeof(onager_named_arrays), 0, describe, read, write};
PLUGIN("feature_map", ONAGER_STATE, state)
