/* SPDX-License-Identifier: MIT
 *
 * A plugin of one component, around a table that a file gives it. Files define what they spoil
 * before they include this or one of the headers beside it; all else keeps the rules.
 */
#ifndef COMPONENT_H
#define COMPONENT_H

#include <onager/abi.h>

#include <stdlib.h>
#include <string.h>

typedef struct {
  const onager_host* host;
  double width; /* the component's parameter */
} instance_data;

static onager_status fail(const onager_host* host, onager_status status, const char* reason) {
  host->set_error(host, reason);
  return status;
}

#ifndef CREATE_EXTRA
#define CREATE_EXTRA(host, data)
#endif
#ifndef DESTROY_EXTRA
#define DESTROY_EXTRA(data)
#endif
#ifndef WIDTH_RANGE
#define WIDTH_RANGE .flags = ONAGER_MIN_OPEN, .real_max = 100.0
#endif
#ifndef WIDTH_DOC
#define WIDTH_DOC "Length scale"
#endif
#ifndef SUMMARY
#define SUMMARY "A component that breaks one rule"
#endif

/* Bytes of an instance, which begins with instance_data. */
#ifndef INSTANCE_BYTES
#define INSTANCE_BYTES sizeof(instance_data)
#endif

static onager_status create(const onager_host* host, const onager_config* config, void** instance) {
  instance_data* data = calloc(1, INSTANCE_BYTES);
  if (data == NULL) return fail(host, ONAGER_NO_MEMORY, "out of memory");
  data->host = host;
  data->width = config->values[0].real;
  CREATE_EXTRA(host, data)
  *instance = data;
  return ONAGER_OK;
}

static void destroy(void* instance) {
  DESTROY_EXTRA((instance_data*)instance)
  free(instance);
}

static const onager_parameter parameters[] = {{.struct_size = sizeof(onager_parameter),
                                               .type = ONAGER_REAL,
                                               .name = "width",
                                               .doc = WIDTH_DOC,
                                               .unit = "",
                                               .real_default = 2.0,
                                               WIDTH_RANGE,
                                               .text_default = "",
                                               .child_kind = ""}};

#ifndef SAME_NAME
#define SAME_NAME(id, name) (strcmp(id, name) == 0)
#endif

/* The component offers `table` under `name`, and with OFFERS_TOO(id) what that returns. */
#ifndef OFFERS_TOO
#define OFFERS_TOO(id) NULL
#endif
#define PLUGIN(component_kind, name, table)                                                \
  static const void* interface(void* instance, const char* id) {                           \
    (void)instance;                                                                        \
    if (SAME_NAME(id, name)) return &(table);                                              \
    return OFFERS_TOO(id);                                                                 \
  }                                                                                        \
  static const onager_component component = {.struct_size = sizeof(onager_component),      \
                                             .parameter_count = 1,                         \
                                             .parameter_stride = sizeof(onager_parameter), \
                                             .kind = component_kind,                       \
                                             .id = "spoiled",                              \
                                             .summary = SUMMARY,                           \
                                             .citation = "",                               \
                                             .parameters = parameters,                     \
                                             .create = create,                             \
                                             .destroy = destroy,                           \
                                             .interface = interface};                      \
  static const onager_component* const components[] = {&component};                        \
  static const onager_plugin plugin = {.struct_size = sizeof(onager_plugin),               \
                                       .abi_major = ONAGER_ABI_MAJOR,                      \
                                       .abi_minor = ONAGER_ABI_MINOR,                      \
                                       .magic = ONAGER_MAGIC,                              \
                                       .id = "org.example.spoiled",                        \
                                       .version = "1.0.0",                                 \
                                       .vendor = "",                                       \
                                       .licence = "MIT",                                   \
                                       .url = "",                                          \
                                       .build = "",                                        \
                                       .component_count = 1,                               \
                                       .components = components};                          \
  ENTRY

#ifndef ENTRY
#define ENTRY \
  ONAGER_EXPORT const onager_plugin* onager_plugin_entry(void) { return &plugin; }
#endif

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

#endif
