// SPDX-License-Identifier: MIT
//
// Kernels that use the C ABI alone and leave out all that it lets them leave out.
#include "examples.hpp"

#include <cmath>
#include <cstring>

namespace onager::test {

namespace {

onager_status rational(const void*, std::int64_t count, const double* r2, double* k,
                       double* slope) {
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = 1 / (1 + r2[i]);
    if (k) k[i] = value;
    // what the slope is at 0 is free
    if (slope) slope[i] = r2[i] == 0 ? NAN : -value * value;
  }
  return ONAGER_OK;
}

onager_status blunt(const void*, std::int64_t count, const double* s, const double*, const double*,
                    double* k, double* slope_s, double* slope_a) {
  if (slope_s || slope_a) return ONAGER_UNSUPPORTED;
  for (std::int64_t i = 0; k && i < count; ++i) k[i] = std::exp(s[i] / 8);
  return ONAGER_OK;
}

double get(const onager_array& a, std::int64_t i, std::int64_t j) {
  const std::int64_t at = i * a.row_stride + j * a.col_stride;
  return a.dtype == ONAGER_FLOAT32 ? static_cast<double>(static_cast<const float*>(a.data)[at])
                                   : static_cast<const double*>(a.data)[at];
}
void set(const onager_array& a, std::int64_t i, std::int64_t j, double value) {
  const std::int64_t at = i * a.row_stride + j * a.col_stride;
  if (a.dtype == ONAGER_FLOAT32) static_cast<float*>(a.data)[at] = static_cast<float>(value);
  else static_cast<double*>(a.data)[at] = value;
}

onager_status additive(const void*, const onager_array* x, const onager_array* z,
                       onager_array* out) {
  for (std::int64_t i = 0; i < x->rows; ++i)
    for (std::int64_t j = 0; j < z->rows; ++j) {
      double sum = 0;
      for (std::int64_t f = 0; f < x->cols; ++f) {
        const double difference = get(*x, i, f) - get(*z, j, f);
        sum += std::exp(-difference * difference);
      }
      set(*out, i, j, sum);
    }
  return ONAGER_OK;
}

onager_status additive_gradient(const void*, const onager_array* x, const onager_array* z,
                                const onager_array* weights, onager_array* out) {
  for (std::int64_t i = 0; i < x->rows; ++i)
    for (std::int64_t f = 0; f < x->cols; ++f) {
      double sum = 0;
      for (std::int64_t j = 0; j < z->rows; ++j) {
        const double difference = get(*x, i, f) - get(*z, j, f);
        sum += get(*weights, i, j) * -2 * difference * std::exp(-difference * difference);
      }
      set(*out, i, f, sum);
    }
  return ONAGER_OK;
}

// an instance of foreign_square is its child
std::int64_t only_child(const void* instance, const onager_child** out) {
  if (out) *out = static_cast<const onager_child*>(instance);
  return 1;
}

onager_status square(const void*, std::int64_t count, const double* const* values, double* k,
                     double* const* slopes) {
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = values[0][i];
    if (slopes) slopes[0][i] = 2 * value;
    if (k) k[i] = value * value;
  }
  return ONAGER_OK;
}

constexpr onager_radial_kernel rational_table{sizeof(onager_radial_kernel), 0, rational, nullptr};
constexpr onager_dot_kernel blunt_table{sizeof(onager_dot_kernel), 0, blunt, nullptr};
constexpr onager_block_kernel additive_table{sizeof(onager_block_kernel), 0, additive,
                                             additive_gradient};
constexpr onager_composite_kernel square_table{sizeof(onager_composite_kernel), 0, only_child,
                                               square, nullptr};

const void* rational_interface(void*, const char* id) {
  return std::strcmp(id, ONAGER_KERNEL_RADIAL) == 0 ? &rational_table : nullptr;
}
const void* blunt_interface(void*, const char* id) {
  return std::strcmp(id, ONAGER_KERNEL_DOT) == 0 ? &blunt_table : nullptr;
}
const void* additive_interface(void*, const char* id) {
  return std::strcmp(id, ONAGER_KERNEL_BLOCK) == 0 ? &additive_table : nullptr;
}
const void* square_interface(void*, const char* id) {
  return std::strcmp(id, ONAGER_KERNEL_COMPOSITE) == 0 ? &square_table : nullptr;
}

onager_status create_constant(const onager_host*, const onager_config*, void** instance) {
  static int nothing;
  *instance = &nothing;
  return ONAGER_OK;
}
void destroy_constant(void*) {}
onager_status create_square(const onager_host*, const onager_config* config, void** instance) {
  *instance = new onager_child(config->values[0].children[0]);
  return ONAGER_OK;
}
void destroy_square(void* instance) { delete static_cast<onager_child*>(instance); }

onager_component constant(const char* id, const char* summary,
                          const void* (*interface)(void*, const char*)) {
  onager_component out{};
  out.struct_size = sizeof out;
  out.parameter_stride = sizeof(onager_parameter);
  out.kind = "kernel";
  out.id = id;
  out.summary = summary;
  out.citation = "";
  out.create = create_constant;
  out.destroy = destroy_constant;
  out.interface = interface;
  return out;
}

}  // namespace

const onager_plugin* foreign_kernels() {
  static const onager_parameter child = [] {
    onager_parameter p{};
    p.struct_size = sizeof p;
    p.type = ONAGER_COMPONENT;
    p.flags = ONAGER_REQUIRED;
    p.name = "kernel";
    p.doc = "The kernel to square";
    p.unit = "";
    p.text_default = "";
    p.child_kind = "kernel";
    return p;
  }();
  static const onager_component rational_component =
      constant("foreign_rational", "1 / (1 + r²)", rational_interface);
  static const onager_component blunt_component =
      constant("foreign_blunt", "exp(<x, z> / 8) without derivative", blunt_interface);
  static const onager_component additive_component =
      constant("foreign_additive", "sum_i exp(-(x_i - z_i)²)", additive_interface);
  static const onager_component square_component = [] {
    onager_component out =
        constant("foreign_square", "The square k² of a kernel k", square_interface);
    out.parameter_count = 1;
    out.parameters = &child;
    out.create = create_square;
    out.destroy = destroy_square;
    return out;
  }();
  static const onager_component* const components[] = {&rational_component, &blunt_component,
                                                       &additive_component, &square_component};
  static const onager_plugin plugin{sizeof plugin,
                                    ONAGER_ABI_MAJOR,
                                    ONAGER_ABI_MINOR,
                                    0,
                                    ONAGER_MAGIC,
                                    "org.example.foreign",
                                    "1.0.0",
                                    "",
                                    "MIT",
                                    "",
                                    "",
                                    4,
                                    0,
                                    components};
  return &plugin;
}

}  // namespace onager::test
