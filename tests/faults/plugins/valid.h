/* SPDX-License-Identifier: MIT
 *
 * A valid plugin with one radial kernel, which the files beside this one spoil in one place each.
 */
#ifndef VALID_H
#define VALID_H

#include <onager/abi.h>

static const onager_host* host_of_last_instance;

static onager_status evaluate(const void* instance, int64_t count, const double* r2, double* k,
                              double* slope) {
  int64_t i;
  (void)instance;
  (void)r2;
  for (i = 0; i < count; ++i) {
    if (k) k[i] = 1.0;
    if (slope) slope[i] = 0.0;
  }
  return ONAGER_OK;
}

static onager_radial_kernel radial = {sizeof(onager_radial_kernel), 0, evaluate, 0};

static onager_status create(const onager_host* host, const onager_config* config, void** instance) {
  (void)config;
  host_of_last_instance = host;
  *instance = &radial;
  return ONAGER_OK;
}

static void destroy(void* instance) { (void)instance; }

static const void* interface(void* instance, const char* id) {
  const char* own = ONAGER_KERNEL_RADIAL;
  (void)instance;
  while (*own && *own == *id) ++own, ++id;
  return *own == *id ? &radial : 0;
}

static const char* choices[] = {"near", "far"};

static onager_parameter parameters[] = {
    {sizeof(onager_parameter), ONAGER_REAL, ONAGER_MIN_OPEN, 0, "bandwidth", "Length scale", "",
     1.0, 0.0, 100.0, 0, 0, 0, "", 0, ""},
    {sizeof(onager_parameter), ONAGER_CHOICE, 0, 2, "mode", "What is done", "", 0.0, 0.0, 0.0, 0, 0,
     0, "near", choices, ""}};

static onager_component component = {sizeof(onager_component),
                                     2,
                                     sizeof(onager_parameter),
                                     0,
                                     "kernel",
                                     "plain",
                                     "A kernel",
                                     "",
                                     parameters,
                                     create,
                                     destroy,
                                     interface};

static const onager_component* components[] = {&component, &component};

static onager_plugin plugin = {sizeof(onager_plugin),
                               ONAGER_ABI_MAJOR,
                               ONAGER_ABI_MINOR,
                               0,
                               ONAGER_MAGIC,
                               "org.example.spoiled",
                               "1.0.0",
                               "",
                               "MIT",
                               "",
                               "",
                               1,
                               0,
                               components};

/* Defines the entry, which spoils the plugin first. */
#define SPOILED(change)                            \
  const onager_plugin* onager_plugin_entry(void) { \
    change;                                        \
    return &plugin;                                \
  }

#endif
