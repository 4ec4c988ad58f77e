#include <onager/abi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Huber's loss of a difference r = f - y: r²/2 within the threshold, and a line of that slope
 * beyond, divided by the number of samples. */
typedef struct {
  double threshold;
} template_name;

/* ---- loss */

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

static onager_status evaluate(const void* instance, int64_t samples, const onager_array* f,
                              const onager_array* y, double* value, onager_array* gradient) {
  const double threshold = ((const template_name*)instance)->threshold;
  const double share = 1 / (double)samples;
  *value = 0;
  for (int64_t i = 0; i < f->rows; ++i)
    for (int64_t j = 0; j < f->cols; ++j) {
      const double r = get(f, i, j) - get(y, i, j);
      const double slope = fmax(-threshold, fmin(threshold, r));
      *value += share * slope * (r - slope / 2);
      if (gradient) set(gradient, i, j, share * slope);
    }
  return ONAGER_OK;
}

static onager_status curvature(const void* instance, int64_t samples, const onager_array* f,
                               const onager_array* y, const onager_array* t, onager_array* out) {
  const double threshold = ((const template_name*)instance)->threshold;
  for (int64_t i = 0; i < f->rows; ++i)
    for (int64_t j = 0; j < f->cols; ++j) {
      const double r = get(f, i, j) - get(y, i, j);
      set(out, i, j, fabs(r) <= threshold ? get(t, i, j) / (double)samples : 0);
    }
  return ONAGER_OK;
}

static const onager_loss table = {sizeof(onager_loss), 0, evaluate, curvature};

/* ---- component and plugin */

static onager_status create(const onager_host* host, const onager_config* config, void** instance) {
  template_name* self = calloc(1, sizeof *self);
  if (self == NULL) {
    host->set_error(host, "out of memory");
    return ONAGER_NO_MEMORY;
  }
  self->threshold = config->values[0].real;
  *instance = self;
  return ONAGER_OK;
}

static void destroy(void* instance) { free(instance); }

static const void* interface(void* instance, const char* id) {
  (void)instance;
  return strcmp(id, ONAGER_LOSS) == 0 ? &table : NULL;
}

static const onager_parameter parameters[] = {{.struct_size = sizeof(onager_parameter),
                                               .type = ONAGER_REAL,
                                               .flags = ONAGER_MIN_OPEN,
                                               .name = "threshold",
                                               .doc = "Where the loss turns from r²/2 into a line",
                                               .unit = "",
                                               .real_default = 1.0,
                                               .real_min = 0.0,
                                               .real_max = INFINITY,
                                               .text_default = "",
                                               .child_kind = ""}};

static const onager_component component = {
    .struct_size = sizeof(onager_component),
    .parameter_count = 1,
    .parameter_stride = sizeof(onager_parameter),
    .kind = "loss",
    .id = "template_name",
    .summary = "Huber's loss, the mean over the samples",
    .citation = "Huber, Robust estimation of a location parameter, 1964",
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
