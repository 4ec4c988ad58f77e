#include <onager/abi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Conjugate gradients for (K + ridge I) a = y, one target after the other. The host owns K: it is
 * asked for products with vectors, which it computes on all threads, also where K does not fit into
 * memory. */
typedef struct {
  const onager_host* host;
  double ridge, tolerance;
  int64_t steps;
} template_name;

/* ---- optimizer */

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

static onager_status failed(const template_name* self, onager_status status, const char* reason) {
  self->host->set_error(self->host, reason);
  return status;
}

static double squared(const double* v, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += v[i] * v[i];
  return sum;
}

/* memory: five times n numbers. p and q are the operator's argument and answer, in the run's
 * precision. */
static onager_status solve_one(const template_name* self, const onager_operator* kernel,
                               const onager_array* targets, int64_t column, onager_array* solution,
                               double* memory) {
  const int64_t n = kernel->size;
  double *a = memory, *residual = a + n, *direction = residual + n;
  const onager_array p = {sizeof p, kernel->dtype, direction + n, n, 1, 1, 1};
  onager_array q = {sizeof q, kernel->dtype, direction + 2 * n, n, 1, 1, 1};
  for (int64_t i = 0; i < n; ++i) {
    a[i] = 0;
    residual[i] = direction[i] = get(targets, i, column);
  }
  const double first = squared(residual, n);
  double now = first;
  for (int64_t step = 0; step < self->steps && now > self->tolerance * self->tolerance * first;
       ++step) {
    for (int64_t i = 0; i < n; ++i) set(&p, i, 0, direction[i]);
    const onager_status status = kernel->product(kernel, &p, &q);
    if (status != ONAGER_OK) return status; /* the host has said why */
    double curvature = 0;
    for (int64_t i = 0; i < n; ++i) {
      set(&q, i, 0, get(&q, i, 0) + self->ridge * direction[i]);
      curvature += direction[i] * get(&q, i, 0);
    }
    if (!isfinite(curvature))
      return failed(self, ONAGER_NUMERICAL, "the kernel matrix is not finite");
    if (curvature <= 0) break; /* nothing left that the matrix sees */
    const double length = now / curvature;
    for (int64_t i = 0; i < n; ++i) {
      a[i] += length * direction[i];
      residual[i] -= length * get(&q, i, 0);
    }
    const double next = squared(residual, n);
    for (int64_t i = 0; i < n; ++i) direction[i] = residual[i] + next / now * direction[i];
    now = next;
  }
  for (int64_t i = 0; i < n; ++i) set(solution, i, column, a[i]);
  return ONAGER_OK;
}

static onager_status solve(void* instance, const onager_operator* kernel,
                           const onager_array* targets, onager_array* solution) {
  const template_name* self = instance;
  const uint64_t bytes = 5 * (uint64_t)kernel->size * sizeof(double);
  double* memory = self->host->allocate(self->host, bytes);
  if (memory == NULL) return failed(self, ONAGER_NO_MEMORY, "no memory for five vectors");
  onager_status status = ONAGER_OK;
  for (int64_t c = 0; c < targets->cols && status == ONAGER_OK; ++c)
    status = solve_one(self, kernel, targets, c, solution, memory);
  self->host->release(self->host, memory);
  return status;
}

static const onager_linear_solver table = {.struct_size = sizeof(onager_linear_solver),
                                           .solve = solve};

/* ---- component and plugin */

static onager_status create(const onager_host* host, const onager_config* config, void** instance) {
  template_name* self = calloc(1, sizeof *self);
  if (self == NULL) {
    host->set_error(host, "out of memory");
    return ONAGER_NO_MEMORY;
  }
  self->host = host;
  self->ridge = config->values[0].real;
  self->tolerance = config->values[1].real;
  self->steps = config->values[2].integer;
  *instance = self;
  return ONAGER_OK;
}

static void destroy(void* instance) { free(instance); }

static const void* interface(void* instance, const char* id) {
  (void)instance;
  return strcmp(id, ONAGER_OPTIMIZER_LINEAR) == 0 ? &table : NULL;
}

static const onager_parameter parameters[] = {
    {.struct_size = sizeof(onager_parameter),
     .type = ONAGER_REAL,
     .name = "ridge",
     .doc = "Added to the diagonal of K",
     .unit = "",
     .real_default = 1e-3,
     .real_min = 0.0,
     .real_max = INFINITY,
     .text_default = "",
     .child_kind = ""},
    {.struct_size = sizeof(onager_parameter),
     .type = ONAGER_REAL,
     .flags = ONAGER_MIN_OPEN,
     .name = "tolerance",
     .doc = "Residual to stop at, relative to the targets",
     .unit = "",
     .real_default = 1e-6,
     .real_min = 0.0,
     .real_max = INFINITY,
     .text_default = "",
     .child_kind = ""},
    {.struct_size = sizeof(onager_parameter),
     .type = ONAGER_INTEGER,
     .name = "steps",
     .doc = "Steps at most",
     .unit = "",
     .integer_default = 1000,
     .integer_min = 1,
     .integer_max = INT64_MAX,
     .text_default = "",
     .child_kind = ""}};

static const onager_component component = {
    .struct_size = sizeof(onager_component),
    .parameter_count = 3,
    .parameter_stride = sizeof(onager_parameter),
    .kind = "optimizer",
    .id = "template_name",
    .summary = "Conjugate gradients for the regularised kernel system",
    .citation = "Hestenes, Stiefel, Methods of conjugate gradients, 1952",
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
