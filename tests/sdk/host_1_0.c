/* SPDX-License-Identifier: MIT
 *
 * A host in C that knows the ABI as it was at 1.0 and offers no service: it loads plugins of today,
 * checks what 1.0 promises of their descriptions, creates every component that has defaults, asks
 * for its interfaces, and evaluates radial and dot kernels. Compiled with the header of that
 * version, by either compiler.
 *
 *   host_1_0 LIBRARY...
 */
#include <onager/abi.h>

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most_parameters = 64 };

static int failures = 0, created = 0, evaluated = 0;

static void complain(const char* file, const char* component, const char* what) {
  fprintf(stderr, "%s: %s: %s\n", file, component, what);
  ++failures;
}

static char last_reason[512];

static const void* service(const onager_host* host, const char* id) {
  (void)host, (void)id;
  return NULL;
}
static void write_log(const onager_host* host, int32_t level, const char* message) {
  (void)host, (void)level, (void)message;
}
static void set_error(const onager_host* host, const char* message) {
  (void)host;
  snprintf(last_reason, sizeof last_reason, "%s", message);
}
static int32_t cancelled(const onager_host* host) {
  (void)host;
  return 0;
}
static void progress(const onager_host* host, double fraction, const char* what) {
  (void)host, (void)fraction, (void)what;
}
static void* allocate(const onager_host* host, uint64_t bytes) {
  (void)host;
  return aligned_alloc(64, (size_t)(bytes + 63) / 64 * 64);
}
static void release(const onager_host* host, void* memory) {
  (void)host;
  free(memory);
}

static const onager_host host = {
    sizeof(onager_host), 1,         0,         0,        "host_1_0", "1.0",  NULL, service,
    write_log,           set_error, cancelled, progress, allocate,   release};

static const onager_parameter* parameter(const onager_component* c, uint32_t index) {
  return (const onager_parameter*)((const char*)c->parameters +
                                   (size_t)index * c->parameter_stride);
}

/* The defaults as create() gets them; 0 when one is missing. */
static int defaults(const onager_component* c, onager_value* values) {
  uint32_t i;
  if (c->parameter_count > most_parameters) return 0;
  for (i = 0; i < c->parameter_count; ++i) {
    const onager_parameter* p = parameter(c, i);
    onager_value v;
    if (p->flags & ONAGER_REQUIRED) return 0;
    memset(&v, 0, sizeof v);
    v.struct_size = sizeof v;
    v.type = p->type;
    v.name = p->name;
    v.is_default = 1;
    v.count = p->type >= ONAGER_INTEGER_LIST && p->type <= ONAGER_COMPONENT_LIST ? 0 : 1;
    v.integer = p->integer_default;
    v.real = p->real_default;
    v.text = p->text_default;
    values[i] = v;
  }
  return 1;
}

static void check_run(const char* file, const char* id, onager_status status, const double* k,
                      const double* slope, int count) {
  int i;
  ++evaluated;
  if (status != ONAGER_OK) complain(file, id, "an evaluation failed");
  for (i = 0; i < count && status == ONAGER_OK; ++i)
    if (!isfinite(k[i]) || !isfinite(slope[i])) complain(file, id, "a value is not finite");
}

static void evaluate(const char* file, const onager_component* c, void* instance) {
  const double r2[4] = {0.25, 1.0, 4.0, 9.0}, s[4] = {0.5, -0.25, 0.0, 1.0}, a[4] = {1, 2, 3, 4},
               b[4] = {2, 1, 0.5, 1};
  double k[4], slope[4], slope_a[4];
  const onager_radial_kernel* radial =
      (const onager_radial_kernel*)c->interface(instance, ONAGER_KERNEL_RADIAL);
  const onager_dot_kernel* dot =
      (const onager_dot_kernel*)c->interface(instance, ONAGER_KERNEL_DOT);
  if (radial && radial->struct_size < sizeof *radial) complain(file, c->id, "a table is too small");
  else if (radial)
    check_run(file, c->id, radial->evaluate_f64(instance, 4, r2, k, slope), k, slope, 4);
  if (dot && dot->struct_size < sizeof *dot) complain(file, c->id, "a table is too small");
  else if (dot)
    check_run(file, c->id, dot->evaluate_f64(instance, 4, s, a, b, k, slope, slope_a), k, slope, 4);
  if (c->interface(instance, "onager.kernel.radial/9999"))
    complain(file, c->id, "an unknown interface is answered");
}

static void try_component(const char* file, const onager_component* c) {
  onager_value values[most_parameters];
  const onager_config config = {sizeof config, c->parameter_count, sizeof(onager_value), 0, values};
  void* instance = NULL;
  onager_status status;
  if (c->struct_size < sizeof *c) {
    complain(file, "a component", "its description is smaller than in 1.0");
    return;
  }
  if (!defaults(c, values)) return;
  last_reason[0] = '\0';
  status = c->create(&host, &config, &instance);
  /* a component may want a service that this host lacks, or one of two parameters: with a reason */
  if (status != ONAGER_OK) {
    if (last_reason[0] == '\0') complain(file, c->id, "create failed without a reason");
    return;
  }
  ++created;
  evaluate(file, c, instance);
  c->destroy(instance);
}

static void try_plugin(const char* file) {
  const onager_plugin* (*entry)(void);
  const onager_plugin* plugin;
  uint32_t i;
  void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    complain(file, "the library", dlerror());
    return;
  }
  *(void**)&entry = dlsym(library, "onager_plugin_entry");
  if (entry == NULL) {
    complain(file, "the library", "has no entry");
    return;
  }
  plugin = entry();
  if (plugin->magic != ONAGER_MAGIC || plugin->abi_major != 1 || plugin->abi_minor_needed != 0 ||
      plugin->struct_size < sizeof *plugin) {
    complain(file, plugin->id, "needs more than ABI 1.0");
    return;
  }
  for (i = 0; i < plugin->component_count; ++i) try_component(file, plugin->components[i]);
}

int main(int argc, char** argv) {
  int i;
  for (i = 1; i < argc; ++i) try_plugin(argv[i]);
  printf("%d plugins, %d components created, %d kernels evaluated, %d failures\n", argc - 1,
         created, evaluated, failures);
  return failures == 0 && evaluated > 0 ? 0 : 1;
}
