// SPDX-License-Identifier: MIT
#include <onager/abi.h>

#include <cstring>
#include <stdexcept>

namespace {

onager_status evaluate(const void*, std::int64_t, const double*, double*, double*) {
  throw std::runtime_error("out of paper");
}

constexpr onager_radial_kernel radial{sizeof radial, 0, evaluate, nullptr};

onager_status create(const onager_host*, const onager_config*, void** instance) {
  static char nothing;
  *instance = &nothing;
  return ONAGER_OK;
}
void destroy(void*) {}
const void* interface(void*, const char* id) {
  return std::strcmp(id, ONAGER_KERNEL_RADIAL) == 0 ? &radial : nullptr;
}

constexpr onager_component component{sizeof component,
                                     0,
                                     sizeof(onager_parameter),
                                     0,
                                     "kernel",
                                     "spoiled",
                                     "A component that breaks one rule",
                                     "",
                                     nullptr,
                                     create,
                                     destroy,
                                     interface};
constexpr const onager_component* components[] = {&component};
constexpr onager_plugin plugin{sizeof plugin,
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

}  // namespace

extern "C" ONAGER_EXPORT const onager_plugin* onager_plugin_entry(void) { return &plugin; }
