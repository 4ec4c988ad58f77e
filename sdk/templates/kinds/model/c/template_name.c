#include <onager/abi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* f(w; x) = V tanh(U x) with a hidden layer: w holds U (width x d), then V (c x width), row after
 * row. The host derives what is not given here, such as Hessian products and tangent kernels. */
typedef struct {
  const onager_host* host;
  int64_t width, features, outputs;
} template_name;

/* ---- model */

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

static onager_status prepare(void* instance, int64_t features, int64_t outputs,
                             int64_t* parameters) {
  template_name* self = instance;
  self->features = features;
  self->outputs = outputs;
  *parameters = self->width * (features + outputs);
  return ONAGER_OK;
}

/* where U_kj and V_lk lie in w */
static int64_t u_at(const template_name* self, int64_t k, int64_t j) {
  return k * self->features + j;
}
static int64_t v_at(const template_name* self, int64_t l, int64_t k) {
  return self->width * self->features + l * self->width + k;
}

/* normal numbers, each layer's divided by the root of its inputs */
static onager_status initialise(void* instance, onager_array* w) {
  const template_name* self = instance;
  const onager_random* random = self->host->service(self->host, ONAGER_RANDOM);
  for (int64_t k = 0; k < w->rows; ++k) {
    const int64_t inputs = k < v_at(self, 0, 0) ? self->features : self->width;
    double number;
    random->normal(self->host, 0, (uint64_t)k, 1, &number);
    set(w, k, 0, number / sqrt((double)inputs));
  }
  return ONAGER_OK;
}

/* neuron k of the hidden layer at sample i */
static double hidden(const template_name* self, const onager_array* w, const onager_array* x,
                     int64_t i, int64_t k) {
  double sum = 0;
  for (int64_t j = 0; j < self->features; ++j) sum += get(w, u_at(self, k, j), 0) * get(x, i, j);
  return tanh(sum);
}

static void add(const onager_array* a, int64_t i, int64_t j, double value) {
  set(a, i, j, get(a, i, j) + value);
}

static onager_status forward(const void* instance, const onager_array* w, const onager_array* x,
                             onager_array* out) {
  const template_name* self = instance;
  for (int64_t i = 0; i < x->rows; ++i) {
    for (int64_t l = 0; l < self->outputs; ++l) set(out, i, l, 0);
    for (int64_t k = 0; k < self->width; ++k) {
      const double h = hidden(self, w, x, i, k);
      for (int64_t l = 0; l < self->outputs; ++l) add(out, i, l, get(w, v_at(self, l, k), 0) * h);
    }
  }
  return ONAGER_OK;
}

/* w_out <- sum_i J_i' c_i and row i of x_out <- X_i' c_i for the cotangents c_i; either may be
 * NULL. */
static onager_status vjp(const void* instance, const onager_array* w, const onager_array* x,
                         onager_array* f, onager_cotangent cotangent, void* argument,
                         const onager_array* c, onager_array* w_out, onager_array* x_out) {
  const template_name* self = instance;
  onager_status status = forward(self, w, x, f);
  if (status == ONAGER_OK && cotangent) status = cotangent(argument); /* c is only known now */
  if (status != ONAGER_OK) return status;
  for (int64_t k = 0; w_out && k < w_out->rows; ++k) set(w_out, k, 0, 0);
  for (int64_t i = 0; i < x->rows; ++i) {
    for (int64_t j = 0; x_out && j < self->features; ++j) set(x_out, i, j, 0);
    for (int64_t k = 0; k < self->width; ++k) {
      const double h = hidden(self, w, x, i, k);
      double back = 0;
      for (int64_t l = 0; l < self->outputs; ++l) {
        back += get(c, i, l) * get(w, v_at(self, l, k), 0);
        if (w_out) add(w_out, v_at(self, l, k), 0, get(c, i, l) * h);
      }
      back *= 1 - h * h;
      for (int64_t j = 0; j < self->features; ++j) {
        if (w_out) add(w_out, u_at(self, k, j), 0, back * get(x, i, j));
        if (x_out) add(x_out, i, j, back * get(w, u_at(self, k, j), 0));
      }
    }
  }
  return ONAGER_OK;
}

static const onager_model table = {.struct_size = sizeof(onager_model),
                                   .prepare = prepare,
                                   .initialise = initialise,
                                   .forward = forward,
                                   .vjp = vjp};

/* ---- component and plugin */

static onager_status create(const onager_host* host, const onager_config* config, void** instance) {
  template_name* self = calloc(1, sizeof *self);
  if (self == NULL) {
    host->set_error(host, "out of memory");
    return ONAGER_NO_MEMORY;
  }
  self->host = host;
  self->width = config->values[0].integer;
  *instance = self;
  return ONAGER_OK;
}

static void destroy(void* instance) { free(instance); }

static const void* interface(void* instance, const char* id) {
  (void)instance;
  return strcmp(id, ONAGER_MODEL) == 0 ? &table : NULL;
}

static const onager_parameter parameters[] = {{.struct_size = sizeof(onager_parameter),
                                               .type = ONAGER_INTEGER,
                                               .name = "width",
                                               .doc = "Neurons of the hidden layer",
                                               .unit = "",
                                               .integer_default = 16,
                                               .integer_min = 1,
                                               .integer_max = INT64_MAX,
                                               .text_default = "",
                                               .child_kind = ""}};

static const onager_component component = {.struct_size = sizeof(onager_component),
                                           .parameter_count = 1,
                                           .parameter_stride = sizeof(onager_parameter),
                                           .kind = "model",
                                           .id = "template_name",
                                           .summary = "One hidden layer of tanh, without biases",
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
