/* SPDX-License-Identifier: MIT */
/* A diagnostic that emits the largest prediction so far, which it remembers. Spoil it by defining
 * before: EMIT (statements), EMITTED(data), GIVE_UP (condition), MISSING (statements where there
 * are no predictions), SAVED(data). */
#define INSTANCE_BYTES 64
#define OFFERS_TOO(id) offered(id)
#include "component.h"

#ifndef MISSING
#define MISSING return fail(data->common.host, ONAGER_NOT_FOUND, "there are no predictions");
#endif
#ifndef GIVE_UP
#define GIVE_UP 0
#endif
#ifndef EMITTED
#define EMITTED(data) ((data)->largest)
#endif
#ifndef SAVED
#define SAVED(data) ((data)->largest)
#endif

typedef struct {
  instance_data common;
  double largest;
} diagnostic_data;

#ifndef EMIT
#define EMIT                                                                              \
  {                                                                                       \
    const onager_emit* emit = data->common.host->service(data->common.host, ONAGER_EMIT); \
    if (emit->scalar(data->common.host, "largest", EMITTED(data)) != ONAGER_OK)           \
      return ONAGER_INTERNAL;                                                             \
  }
#endif

static onager_status observe(void* instance, const onager_view* view) {
  diagnostic_data* data = instance;
  onager_array f = {.struct_size = sizeof f};
  int64_t i, j;
  if (GIVE_UP) return fail(data->common.host, ONAGER_NUMERICAL, "this round is too much");
  if (view->array(view, "train.predictions", &f) != ONAGER_OK) {
    MISSING
  }
  for (i = 0; i < f.rows; ++i)
    for (j = 0; j < f.cols; ++j)
      if (get(&f, i, j) > data->largest) data->largest = get(&f, i, j);
  EMIT return ONAGER_OK;
}

static onager_status describe(const void* instance, int64_t index, onager_array_info* out) {
  (void)instance;
  if (index != 0) return ONAGER_NOT_FOUND;
  out->dtype = ONAGER_FLOAT64;
  out->name = "largest";
  out->doc = "The largest prediction so far";
  out->rows = out->cols = 1;
  return ONAGER_OK;
}

static onager_status read(const void* instance, int64_t index, onager_array* out) {
  const diagnostic_data* data = instance;
  (void)index;
  set(out, 0, 0, SAVED(data));
  return ONAGER_OK;
}

static onager_status write(void* instance, const char* name, const onager_array* value) {
  diagnostic_data* data = instance;
  if (strcmp(name, "largest") != 0)
    return fail(data->common.host, ONAGER_NOT_FOUND, "no state of that name");
  data->largest = get(value, 0, 0);
  return ONAGER_OK;
}

static const onager_diagnostic diagnostic = {sizeof(onager_diagnostic), 0, observe, NULL};
static const onager_named_arrays state = {sizeof(onager_named_arrays), 0, describe, read, write};

static const void* offered(const char* id) { return strcmp(id, ONAGER_STATE) == 0 ? &state : NULL; }

PLUGIN("diagnostic", ONAGER_DIAGNOSTIC, diagnostic)
