// SPDX-License-Identifier: MIT
#include "conformance/stand_ins.hpp"

#include "conformance/stand_in_model.hpp"

#include <onager/array.hpp>

#include <array>
#include <cmath>
#include <cstring>

namespace onager::host::conformance {

namespace {

/// exp(-r²/10)
template <class T>
onager_status radial(const void*, std::int64_t count, const T* r2, T* k, T* slope) {
  for (std::int64_t i = 0; i < count; ++i) {
    const T value = std::exp(-r2[i] / T(10));
    if (k) k[i] = value;
    if (slope) slope[i] = -value / T(10);
  }
  return ONAGER_OK;
}

/// (1 + s)² / 4
template <class T>
onager_status dot(const void*, std::int64_t count, const T* s, const T*, const T*, T* k, T* slope_s,
                  T* slope_a) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (k) k[i] = (1 + s[i]) * (1 + s[i]) / 4;
    if (slope_s) {
      slope_s[i] = (1 + s[i]) / 2;
      slope_a[i] = 0;
    }
  }
  return ONAGER_OK;
}

/// sum_f exp(-(x_f - z_f)²) / d
onager_status block(const void*, const onager_array* x, const onager_array* z, onager_array* out) {
  for (std::int64_t i = 0; i < x->rows; ++i)
    for (std::int64_t j = 0; j < z->rows; ++j) {
      double sum = 0;
      for (std::int64_t f = 0; f < x->cols; ++f) {
        const double difference = element(*x, i, f) - element(*z, j, f);
        sum += std::exp(-difference * difference);
      }
      set_element(*out, i, j, sum / static_cast<double>(x->cols));
    }
  return ONAGER_OK;
}

onager_status block_gradient(const void*, const onager_array* x, const onager_array* z,
                             const onager_array* weights, onager_array* out) {
  for (std::int64_t i = 0; i < x->rows; ++i)
    for (std::int64_t f = 0; f < x->cols; ++f) {
      double sum = 0;
      for (std::int64_t j = 0; j < z->rows; ++j) {
        const double difference = element(*x, i, f) - element(*z, j, f);
        sum -= 2 * element(*weights, i, j) * difference * std::exp(-difference * difference);
      }
      set_element(*out, i, f, sum / static_cast<double>(x->cols));
    }
  return ONAGER_OK;
}

/// The mean of (f - y)² over samples and outputs.
onager_status mean_square(const void*, std::int64_t samples, const onager_array* f,
                          const onager_array* y, double* value, onager_array* gradient) {
  const double scale = 1 / static_cast<double>(samples * f->cols);
  *value = 0;
  for (std::int64_t i = 0; i < f->rows; ++i)
    for (std::int64_t l = 0; l < f->cols; ++l) {
      const double residual = element(*f, i, l) - element(*y, i, l);
      *value += scale * residual * residual;
      if (gradient) set_element(*gradient, i, l, 2 * scale * residual);
    }
  return ONAGER_OK;
}

onager_status mean_square_curvature(const void*, std::int64_t samples, const onager_array* f,
                                    const onager_array*, const onager_array* t, onager_array* out) {
  const double scale = 1 / static_cast<double>(samples * f->cols);
  for (std::int64_t i = 0; i < f->rows; ++i)
    for (std::int64_t l = 0; l < f->cols; ++l)
      set_element(*out, i, l, 2 * scale * element(*t, i, l));
  return ONAGER_OK;
}

constexpr onager_radial_kernel radial_table{sizeof(onager_radial_kernel), 0, radial<double>,
                                            radial<float>};
constexpr onager_dot_kernel dot_table{sizeof(onager_dot_kernel), 0, dot<double>, dot<float>};
constexpr onager_block_kernel block_table{sizeof(onager_block_kernel), 0, block, block_gradient};
constexpr onager_loss loss_table{sizeof(onager_loss), 0, mean_square, mean_square_curvature};

const void* radial_interface(void*, const char* id) {
  return std::strcmp(id, ONAGER_KERNEL_RADIAL) == 0 ? &radial_table : nullptr;
}
const void* dot_interface(void*, const char* id) {
  return std::strcmp(id, ONAGER_KERNEL_DOT) == 0 ? &dot_table : nullptr;
}
const void* block_interface(void*, const char* id) {
  return std::strcmp(id, ONAGER_KERNEL_BLOCK) == 0 ? &block_table : nullptr;
}
const void* loss_interface(void*, const char* id) {
  return std::strcmp(id, ONAGER_LOSS) == 0 ? &loss_table : nullptr;
}

onager_status create(const onager_host*, const onager_config*, void** instance) {
  static char nothing;
  *instance = &nothing;
  return ONAGER_OK;
}
void destroy(void*) {}

constexpr onager_component component(const char* kind, const char* id, const char* summary,
                                     const void* (*interface)(void*, const char*)) {
  return {sizeof(onager_component),
          0,
          sizeof(onager_parameter),
          0,
          kind,
          id,
          summary,
          "",
          nullptr,
          create,
          destroy,
          interface};
}

constexpr onager_component components[] = {
    component("kernel", "stand_in_radial", "exp(-r²/10)", radial_interface),
    component("kernel", "stand_in_dot", "(1 + <x, z>)²/4", dot_interface),
    component("kernel", "stand_in_block", "the mean over features of exp(-(x_f - z_f)²)",
              block_interface),
    component("loss", "stand_in_loss", "the mean of (f - y)²", loss_interface)};

}  // namespace

const onager_plugin* stand_ins() {
  static const std::array<const onager_component*, 5> list{
      &components[0], &components[1], &components[2], &components[3], &stand_in_model()};
  static const onager_plugin plugin{sizeof(onager_plugin),
                                    ONAGER_ABI_MAJOR,
                                    ONAGER_ABI_MINOR,
                                    0,
                                    ONAGER_MAGIC,
                                    "org.onager.conformance",
                                    ONAGER_VERSION,
                                    "",
                                    "MIT",
                                    "",
                                    "",
                                    static_cast<std::uint32_t>(list.size()),
                                    0,
                                    list.data()};
  return &plugin;
}

}  // namespace onager::host::conformance
