#include <onager/abi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The largest error |f(x) - y| on the training and on the test samples, after every round or step.
 */
typedef struct {
  const onager_host* host;
} template_name;

/* ---- diagnostic */

static double get(const onager_array* a, int64_t i, int64_t j) {
  const int64_t at = i * a->row_stride + j * a->col_stride;
  return a->dtype == ONAGER_FLOAT32 ? (double)((const float*)a->data)[at]
                                    : ((const double*)a->data)[at];
}

static onager_status emit(const template_name* self, const onager_view* view,
                          const char* predictions, const char* targets, const char* name) {
  onager_array f = {.struct_size = sizeof f}, y = {.struct_size = sizeof y};
  onager_status status = view->array(view, predictions, &f);
  if (status == ONAGER_OK) status = view->array(view, targets, &y);
  /* such as of a run that was stopped before its first round */
  if (status == ONAGER_NOT_FOUND) return ONAGER_OK;
  if (status != ONAGER_OK) return status;
  double largest = 0;
  for (int64_t i = 0; i < f.rows; ++i)
    for (int64_t j = 0; j < f.cols; ++j)
      largest = fmax(largest, fabs(get(&f, i, j) - get(&y, i, j)));
  const onager_emit* results = self->host->service(self->host, ONAGER_EMIT);
  return results->scalar(self->host, name, largest);
}

static onager_status observe(void* instance, const onager_view* view) {
  const onager_status status =
      emit(instance, view, "train.predictions", "train.targets", "largest_train_error");
  if (status != ONAGER_OK) return status;
  return emit(instance, view, "test.predictions", "test.targets", "largest_test_error");
}

static const onager_diagnostic table = {.struct_size = sizeof(onager_diagnostic),
                                        .observe = observe};

/* ---- component and plugin */

static onager_status create(const onager_host* host, const onager_config* config, void** instance) {
  template_name* self = calloc(1, sizeof *self);
  if (self == NULL) {
    host->set_error(host, "out of memory");
    return ONAGER_NO_MEMORY;
  }
  (void)config;
  self->host = host;
  *instance = self;
  return ONAGER_OK;
}

static void destroy(void* instance) { free(instance); }

static const void* interface(void* instance, const char* id) {
  (void)instance;
  return strcmp(id, ONAGER_DIAGNOSTIC) == 0 ? &table : NULL;
}

static const onager_component component = {
    .struct_size = sizeof(onager_component),
    .parameter_count = 0,
    .parameter_stride = sizeof(onager_parameter),
    .kind = "diagnostic",
    .id = "template_name",
    .summary = "The largest errors on training and test samples",
    .citation = "",
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
