/* SPDX-License-Identifier: MIT */
/* The feature map phi(x) = x / (width scale), where fit() takes the scale from the first feature of
 * the first sample. Spoil it by defining before: SCALE(data), where it is kept; DIMENSION(d), SLOPE
 * (of the pullback), MATRIX, of the linear map; STATE_OF(data), what state saves; ARRAYS, how many
 * arrays the state has. */
#define INSTANCE_BYTES 64
#define OFFERS_TOO(id) offered(id)
#include "component.h"

#ifndef SCALE
#define SCALE(data) ((data)->scale)
#endif
#ifndef DIMENSION
#define DIMENSION(d) (d)
#endif
#ifndef SLOPE
#define SLOPE(factor) (factor)
#endif
#ifndef MATRIX
#define MATRIX(factor) (factor)
#endif
#ifndef STATE_OF
#define STATE_OF(data) SCALE(data)
#endif
#ifndef ARRAYS
#define ARRAYS 1
#endif

typedef struct {
  instance_data common;
  double scale;
} map_data;

static onager_status fit(void* instance, const onager_array* x, const onager_array* y) {
  map_data* data = instance;
  (void)y;
  SCALE(data) = 1 + get(x, 0, 0) * get(x, 0, 0);
  return ONAGER_OK;
}

static double factor_of(const void* instance) {
  const map_data* data = instance;
  return 1 / (data->common.width * SCALE(data));
}

static int64_t output_dimension(const void* instance, int64_t d) {
  (void)instance;
  return DIMENSION(d);
}

static onager_status scaled(double factor, const onager_array* from, onager_array* out) {
  int64_t i, j;
  for (i = 0; i < out->rows; ++i)
    for (j = 0; j < out->cols; ++j) set(out, i, j, factor * get(from, i, j));
  return ONAGER_OK;
}

static onager_status apply(const void* instance, const onager_array* x, onager_array* out) {
  return scaled(factor_of(instance), x, out);
}

static onager_status pullback(const void* instance, const onager_array* x, const onager_array* g,
                              onager_array* out) {
  (void)x;
  return scaled(SLOPE(factor_of(instance)), g, out);
}

static int32_t diagonal(const void* instance) {
  (void)instance;
  return 1;
}

static onager_status matrix(const void* instance, onager_array* out) {
  int64_t i;
  for (i = 0; i < out->rows; ++i) set(out, i, 0, MATRIX(factor_of(instance)));
  return ONAGER_OK;
}

static onager_status describe(const void* instance, int64_t index, onager_array_info* out) {
  (void)instance;
  if (index < 0 || index >= ARRAYS) return ONAGER_NOT_FOUND;
  out->dtype = ONAGER_FLOAT64;
  out->name = "scale";
  out->doc = "What samples are divided by";
  out->rows = out->cols = 1;
  return ONAGER_OK;
}

static onager_status read(const void* instance, int64_t index, onager_array* out) {
  const map_data* data = instance;
  (void)index;
  set(out, 0, 0, STATE_OF(data));
  return ONAGER_OK;
}

static onager_status write(void* instance, const char* name, const onager_array* value) {
  map_data* data = instance;
  if (strcmp(name, "scale") != 0)
    return fail(data->common.host, ONAGER_NOT_FOUND, "no state of that name");
  SCALE(data) = get(value, 0, 0);
  return ONAGER_OK;
}

static const onager_feature_map map = {sizeof(onager_feature_map), 0,     fit,
                                       output_dimension,           apply, pullback};
static const onager_linear_map linear = {sizeof(onager_linear_map), 0, diagonal, matrix};
static const onager_named_arrays state = {sizeof(onager_named_arrays), 0, describe, read, write};

static const void* offered(const char* id) {
  if (strcmp(id, ONAGER_FEATURE_MAP_LINEAR) == 0) return &linear;
  return strcmp(id, ONAGER_STATE) == 0 ? (const void*)&state : NULL;
}

PLUGIN("feature_map", ONAGER_FEATURE_MAP, map)
