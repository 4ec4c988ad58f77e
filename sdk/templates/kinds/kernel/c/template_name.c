#include <onager/abi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* k(x, z) = 1 / (1 + r²/bandwidth²) with r = |x - z|. The host calls this with runs of r², in both
 * precisions, and makes matrices, gradients and feature learning of it. */
typedef struct {
  double rate; /* 1 / bandwidth² */
} template_name;

/* ---- kernel */

/* One loop for every x86-64: the widest form that the CPU has is chosen when it runs. */
#if defined(__x86_64__) && defined(__GNUC__)
#define WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST
#endif

/* The two precisions differ in their type alone. k and slope (the derivative by r²) may be
 * NULL. */
#define EVALUATE(NAME, REAL)                                                              \
  WIDEST static void NAME##_values(int64_t count, REAL rate, const REAL* restrict r2,     \
                                   REAL* restrict k) {                                    \
    for (int64_t i = 0; i < count; ++i) k[i] = 1 / (1 + rate * r2[i]);                    \
  }                                                                                       \
  WIDEST static void NAME##_both(int64_t count, REAL rate, const REAL* restrict r2,       \
                                 REAL* restrict k, REAL* restrict slope) {                \
    for (int64_t i = 0; i < count; ++i) {                                                 \
      const REAL value = 1 / (1 + rate * r2[i]);                                          \
      k[i] = value;                                                                       \
      slope[i] = -rate * value * value;                                                   \
    }                                                                                     \
  }                                                                                       \
  WIDEST static void NAME##_slopes(int64_t count, REAL rate, const REAL* restrict r2,     \
                                   REAL* restrict slope) {                                \
    for (int64_t i = 0; i < count; ++i) {                                                 \
      const REAL value = 1 / (1 + rate * r2[i]);                                          \
      slope[i] = -rate * value * value;                                                   \
    }                                                                                     \
  }                                                                                       \
  static onager_status NAME(const void* instance, int64_t count, const REAL* r2, REAL* k, \
                            REAL* slope) {                                                \
    const REAL rate = (REAL)((const template_name*)instance)->rate;                       \
    if (k && slope) NAME##_both(count, rate, r2, k, slope);                               \
    else if (k) NAME##_values(count, rate, r2, k);                                        \
    else if (slope) NAME##_slopes(count, rate, r2, slope);                                \
    return ONAGER_OK;                                                                     \
  }
EVALUATE(evaluate_f64, double)
EVALUATE(evaluate_f32, float)

static const onager_radial_kernel table = {sizeof(onager_radial_kernel), 0, evaluate_f64,
                                           evaluate_f32};

/* ---- component and plugin */

static onager_status create(const onager_host* host, const onager_config* config, void** instance) {
  template_name* self = calloc(1, sizeof *self);
  if (self == NULL) {
    host->set_error(host, "out of memory");
    return ONAGER_NO_MEMORY;
  }
  const double bandwidth = config->values[0].real;
  self->rate = 1 / (bandwidth * bandwidth);
  *instance = self;
  return ONAGER_OK;
}

static void destroy(void* instance) { free(instance); }

static const void* interface(void* instance, const char* id) {
  (void)instance;
  return strcmp(id, ONAGER_KERNEL_RADIAL) == 0 ? &table : NULL;
}

static const onager_parameter parameters[] = {{.struct_size = sizeof(onager_parameter),
                                               .type = ONAGER_REAL,
                                               .flags = ONAGER_MIN_OPEN,
                                               .name = "bandwidth",
                                               .doc = "Distance at which k is 1/2",
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
    .kind = "kernel",
    .id = "template_name",
    .summary = "Kernel 1 / (1 + r²/bandwidth²) of the distance r",
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
