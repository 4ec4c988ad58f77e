#include <onager/abi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* y = sin(x_1) + .. + sin(x_d) + noise for standard normal x. A sample's numbers are those at its
 * own place of the host's random stream, so that they do not depend on which samples are asked for.
 */
typedef struct {
  const onager_host* host;
  int64_t dimension, train_samples, test_samples;
  double noise;
} template_name;

/* ---- dataset */

static void set(const onager_array* a, int64_t i, int64_t j, double value) {
  const int64_t at = i * a->row_stride + j * a->col_stride;
  if (a->dtype == ONAGER_FLOAT32) ((float*)a->data)[at] = (float)value;
  else ((double*)a->data)[at] = value;
}

static onager_status describe(void* instance, onager_dataset_info* out) {
  const template_name* self = instance;
  out->task = ONAGER_REGRESSION;
  out->train_samples = self->train_samples;
  out->test_samples = self->test_samples;
  out->features = self->dimension;
  out->outputs = 1;
  return ONAGER_OK;
}

static onager_status fill(void* instance, uint32_t split, int64_t first, onager_array* x,
                          onager_array* y) {
  const template_name* self = instance;
  const onager_host* host = self->host;
  const onager_random* random = host->service(host, ONAGER_RANDOM);
  const int64_t numbers = self->dimension + 1; /* of a sample: x and the noise */
  double* drawn = host->allocate(host, (uint64_t)numbers * sizeof(double));
  if (drawn == NULL) {
    host->set_error(host, "out of memory");
    return ONAGER_NO_MEMORY;
  }
  for (int64_t i = 0; i < x->rows; ++i) {
    random->normal(host, split, (uint64_t)((first + i) * numbers), numbers, drawn);
    double sum = self->noise * drawn[numbers - 1];
    for (int64_t j = 0; j < self->dimension; ++j) {
      set(x, i, j, drawn[j]);
      sum += sin(drawn[j]);
    }
    set(y, i, 0, sum);
  }
  host->release(host, drawn);
  return ONAGER_OK;
}

static const onager_dataset table = {
    .struct_size = sizeof(onager_dataset), .describe = describe, .fill = fill};

/* ---- component and plugin */

static onager_status create(const onager_host* host, const onager_config* config, void** instance) {
  template_name* self = calloc(1, sizeof *self);
  if (self == NULL) {
    host->set_error(host, "out of memory");
    return ONAGER_NO_MEMORY;
  }
  self->host = host;
  self->dimension = config->values[0].integer;
  self->train_samples = config->values[1].integer;
  self->test_samples = config->values[2].integer;
  self->noise = config->values[3].real;
  *instance = self;
  return ONAGER_OK;
}

static void destroy(void* instance) { free(instance); }

static const void* interface(void* instance, const char* id) {
  (void)instance;
  return strcmp(id, ONAGER_DATASET) == 0 ? &table : NULL;
}

static const onager_parameter parameters[] = {{.struct_size = sizeof(onager_parameter),
                                               .type = ONAGER_INTEGER,
                                               .name = "dimension",
                                               .doc = "Features of a sample",
                                               .unit = "",
                                               .integer_default = 4,
                                               .integer_min = 1,
                                               .integer_max = INT64_MAX,
                                               .text_default = "",
                                               .child_kind = ""},
                                              {.struct_size = sizeof(onager_parameter),
                                               .type = ONAGER_INTEGER,
                                               .name = "train_samples",
                                               .doc = "Training samples",
                                               .unit = "",
                                               .integer_default = 200,
                                               .integer_min = 1,
                                               .integer_max = INT64_MAX,
                                               .text_default = "",
                                               .child_kind = ""},
                                              {.struct_size = sizeof(onager_parameter),
                                               .type = ONAGER_INTEGER,
                                               .name = "test_samples",
                                               .doc = "Test samples",
                                               .unit = "",
                                               .integer_default = 100,
                                               .integer_min = 0,
                                               .integer_max = INT64_MAX,
                                               .text_default = "",
                                               .child_kind = ""},
                                              {.struct_size = sizeof(onager_parameter),
                                               .type = ONAGER_REAL,
                                               .name = "noise",
                                               .doc = "Standard deviation of the noise",
                                               .unit = "",
                                               .real_default = 0.1,
                                               .real_min = 0.0,
                                               .real_max = INFINITY,
                                               .text_default = "",
                                               .child_kind = ""}};

static const onager_component component = {
    .struct_size = sizeof(onager_component),
    .parameter_count = 4,
    .parameter_stride = sizeof(onager_parameter),
    .kind = "dataset",
    .id = "template_name",
    .summary = "A sum of sines of normal features, with noise",
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
