#include <onager/abi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* phi_j(x) = tanh(x_j / scale): features that no outlier carries away. */
typedef struct {
  double scale;
} template_name;

/* ---- feature map */

static double get(const onager_array* a, int64_t i, int64_t j) {
  const int64_t at = i * a->row_stride + j * a->col_stride;
  return a->dtype == ONAGER_FLOAT32 ? (double)((const float*)a->data)[at]
                                    : ((const double*)a->data)[at];
}

static void set(const onager_array* a, int64_t i, int64_t j, double value) {
  const int64_t at = i * a->row_stride + j * a->col_stride;
  if (a->dtype == ONAGER_FLOAT32) ((float*)a->data)[at] = (float)value;
  else ((double*)a->data)[at] = value;
}

static int64_t output_dimension(const void* instance, int64_t d) {
  (void)instance;
  return d;
}

/* x and out: one sample a row */
static onager_status apply(const void* instance, const onager_array* x, onager_array* out) {
  const double scale = ((const template_name*)instance)->scale;
  for (int64_t i = 0; i < x->rows; ++i)
    for (int64_t j = 0; j < x->cols; ++j) set(out, i, j, tanh(get(x, i, j) / scale));
  return ONAGER_OK;
}

/* row i of out: the gradient g_i by phi(x_i), carried back to x_i */
static onager_status pullback(const void* instance, const onager_array* x, const onager_array* g,
                              onager_array* out) {
  const double scale = ((const template_name*)instance)->scale;
  for (int64_t i = 0; i < x->rows; ++i)
    for (int64_t j = 0; j < x->cols; ++j) {
      const double phi = tanh(get(x, i, j) / scale);
      set(out, i, j, get(g, i, j) * (1 - phi * phi) / scale);
    }
  return ONAGER_OK;
}

static const onager_feature_map table = {.struct_size = sizeof(onager_feature_map),
                                         .output_dimension = output_dimension,
                                         .apply = apply,
                                         .pullback = pullback};

/* ---- component and plugin */

static onager_status create(const onager_host* host, const onager_config* config, void** instance) {
  template_name* self = calloc(1, sizeof *self);
  if (self == NULL) {
    host->set_error(host, "out of memory");
    return ONAGER_NO_MEMORY;
  }
  self->scale = config->values[0].real;
  *instance = self;
  return ONAGER_OK;
}

static void destroy(void* instance) { free(instance); }

static const void* interface(void* instance, const char* id) {
  (void)instance;
  return strcmp(id, ONAGER_FEATURE_MAP) == 0 ? &table : NULL;
}

static const onager_parameter parameters[] = {{.struct_size = sizeof(onager_parameter),
                                               .type = ONAGER_REAL,
                                               .flags = ONAGER_MIN_OPEN,
                                               .name = "scale",
                                               .doc = "Where a feature begins to saturate",
                                               .unit = "",
                                               .real_default = 1.0,
                                               .real_min = 0.0,
                                               .real_max = INFINITY,
                                               .text_default = "",
                                               .child_kind = ""}};

static const onager_component component = {.struct_size = sizeof(onager_component),
                                           .parameter_count = 1,
                                           .parameter_stride = sizeof(onager_parameter),
                                           .kind = "feature_map",
                                           .id = "template_name",
                                           .summary = "Each feature by itself: tanh(x / scale)",
                                           .citation = "",
                                           .parameters = parameters,
                                           .create = create,
                                           .destroy = destroy,
                                           .interface = interface};
static const onager_component* const components[] = {&component};

static const onager_plugin plugin = {.struct_size = sizeof(onager_plugin),
                                     .abi_major = ONAGER_ABI_MAJOR,
                                     .abi_minor = ONAGER_ABI_MINOR,
                                     .magic = ONAGER_MAGIC,
                                     .id = "org.example.template_name",
                                     .version = "0.1.0",
                                     .vendor = "",
                                     .licence = "MIT",
                                     .url = "",
                                     .build = "",
                                     .component_count = 1,
                                     .components = components};

ONAGER_EXPORT const onager_plugin* onager_plugin_entry(void) { return &plugin; }
