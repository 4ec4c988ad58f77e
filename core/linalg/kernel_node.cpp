// SPDX-License-Identifier: MIT
#include "linalg/kernel_node.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace onager::host {

namespace {

/// The table of an interface, or nullptr; its size is checked before anything else is read.
template <class Table>
const Table* offered(const onager_child& kernel, const char* name) {
  const auto* table = static_cast<const Table*>(kernel.component->interface(kernel.instance, name));
  if (table && table->struct_size < sizeof(Table))
    throw Error(Category::plugin,
                fmt::format("kernel '{}': its table for {} has struct_size {}, and {} is the least",
                            kernel.component->id, name, table->struct_size, sizeof(Table)));
  return table;
}

}  // namespace

KernelExpression::Node::Node(const onager_child& source)
    : id(source.component->id), instance(source.instance) {
  if ((radial = offered<onager_radial_kernel>(source, ONAGER_KERNEL_RADIAL))) {
    form = Form::radial;
  } else if ((dot = offered<onager_dot_kernel>(source, ONAGER_KERNEL_DOT))) {
    form = Form::dot;
  } else if ((composite = offered<onager_composite_kernel>(source, ONAGER_KERNEL_COMPOSITE))) {
    form = Form::composite;
    const onager_child* list = nullptr;
    const std::int64_t count = composite->children(instance, &list);
    if (count < 1 || !list)
      throw Error(Category::plugin, fmt::format("kernel '{}' combines no kernels", id));
    for (std::int64_t i = 0; i < count; ++i) children.push_back(std::make_unique<Node>(list[i]));
  } else if (!(block = offered<onager_block_kernel>(source, ONAGER_KERNEL_BLOCK))) {
    throw Error(Category::plugin,
                fmt::format("kernel '{}' offers none of the interfaces {}, {}, {}, {}", id,
                            ONAGER_KERNEL_RADIAL, ONAGER_KERNEL_DOT, ONAGER_KERNEL_COMPOSITE,
                            ONAGER_KERNEL_BLOCK));
  }
}

bool KernelExpression::Node::gives_derivative() const {
  double k = 0, s = 0, a = 0;
  const std::vector<double*> slopes(children.size(), &s);
  const std::vector<const double*> values(children.size(), &k);
  switch (form) {
    case Form::radial: return radial->evaluate_f64(instance, 0, &a, &k, &s) == ONAGER_OK;
    case Form::dot: return dot->evaluate_f64(instance, 0, &a, &a, &a, &k, &s, &a) == ONAGER_OK;
    case Form::block: return block->gradient != nullptr;
    case Form::composite:
      return composite->combine_f64(instance, 0, values.data(), &a, slopes.data()) == ONAGER_OK;
  }
  return false;
}

namespace {

/// Carves a buffer of doubles into runs of one length.
class Runs {
 public:
  Runs(std::vector<double>& buffer, std::int64_t count, std::size_t runs)
      : count_(static_cast<std::size_t>(count)) {
    if (buffer.size() < count_ * runs) buffer.resize(count_ * runs);
    next_ = buffer.data();
  }
  double* take() { return std::exchange(next_, next_ + count_); }
  double* copy(const float* from) {
    double* run = take();
    std::copy(from, from + count_, run);
    return run;
  }
  void give(const double* run, float* to) const {
    if (to) std::transform(run, run + count_, to, [](double v) { return static_cast<float>(v); });
  }

 private:
  std::size_t count_;
  double* next_;
};

}  // namespace

template <class T>
onager_status KernelExpression::Node::evaluate_radial(std::int64_t count, const T* r2, T* k,
                                                      T* slope,
                                                      std::vector<double>& convert) const {
  if constexpr (sizeof(T) == sizeof(double)) {
    return radial->evaluate_f64(instance, count, r2, k, slope);
  } else {
    if (radial->evaluate_f32) return radial->evaluate_f32(instance, count, r2, k, slope);
    Runs runs(convert, count, 3);
    const double* wide = runs.copy(r2);
    double *value = runs.take(), *derivative = runs.take();
    const auto status = radial->evaluate_f64(instance, count, wide, k ? value : nullptr,
                                             slope ? derivative : nullptr);
    runs.give(value, k);
    runs.give(derivative, slope);
    return status;
  }
}

template <class T>
onager_status KernelExpression::Node::evaluate_dot(std::int64_t count, const T* s, const T* a,
                                                   const T* b, T* k, T* slope_s, T* slope_a,
                                                   std::vector<double>& convert) const {
  if constexpr (sizeof(T) == sizeof(double)) {
    return dot->evaluate_f64(instance, count, s, a, b, k, slope_s, slope_a);
  } else {
    if (dot->evaluate_f32) return dot->evaluate_f32(instance, count, s, a, b, k, slope_s, slope_a);
    Runs runs(convert, count, 6);
    const double *ws = runs.copy(s), *wa = runs.copy(a), *wb = runs.copy(b);
    double *value = runs.take(), *derivative_s = runs.take(), *derivative_a = runs.take();
    const auto status =
        dot->evaluate_f64(instance, count, ws, wa, wb, k ? value : nullptr,
                          slope_s ? derivative_s : nullptr, slope_a ? derivative_a : nullptr);
    runs.give(value, k);
    runs.give(derivative_s, slope_s);
    runs.give(derivative_a, slope_a);
    return status;
  }
}

template <class T>
onager_status KernelExpression::Node::combine(std::int64_t count, const T* const* values, T* k,
                                              T* const* slopes,
                                              std::vector<double>& convert) const {
  if constexpr (sizeof(T) == sizeof(double)) {
    return composite->combine_f64(instance, count, values, k, slopes);
  } else {
    if (composite->combine_f32) return composite->combine_f32(instance, count, values, k, slopes);
    const std::size_t m = children.size();
    Runs runs(convert, count, 2 * m + 1);
    std::vector<const double*> wide(m);
    std::vector<double*> derivatives(m);
    for (std::size_t i = 0; i < m; ++i) wide[i] = runs.copy(values[i]);
    for (auto& d : derivatives) d = runs.take();
    double* value = runs.take();
    const auto status = composite->combine_f64(instance, count, wide.data(), k ? value : nullptr,
                                               slopes ? derivatives.data() : nullptr);
    runs.give(value, k);
    for (std::size_t i = 0; slopes && i < m; ++i) runs.give(derivatives[i], slopes[i]);
    return status;
  }
}

#define ONAGER_INSTANTIATE(T)                                                                    \
  template onager_status KernelExpression::Node::evaluate_radial(std::int64_t, const T*, T*, T*, \
                                                                 std::vector<double>&) const;    \
  template onager_status KernelExpression::Node::evaluate_dot(                                   \
      std::int64_t, const T*, const T*, const T*, T*, T*, T*, std::vector<double>&) const;       \
  template onager_status KernelExpression::Node::combine(std::int64_t, const T* const*, T*,      \
                                                         T* const*, std::vector<double>&) const;
ONAGER_INSTANTIATE(float)
ONAGER_INSTANTIATE(double)
#undef ONAGER_INSTANTIATE

}  // namespace onager::host
