// SPDX-License-Identifier: MIT
#include "conformance/kernel_function.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace onager::host::conformance {

namespace {

double dot(const Table& x, std::int64_t i, const Table& z, std::int64_t j) {
  double sum = 0;
  for (std::int64_t f = 0; f < x.cols; ++f) sum += x(i, f) * z(j, f);
  return sum;
}

double squared_distance(const Table& x, std::int64_t i, const Table& z, std::int64_t j) {
  double sum = 0;
  for (std::int64_t f = 0; f < x.cols; ++f) sum += (x(i, f) - z(j, f)) * (x(i, f) - z(j, f));
  return sum;
}

/// All pairs of rows, one after the other: (x_i, z_j) is pair i * m + j.
void all_pairs(const Table& x, const Table& z, Table& left, Table& right) {
  left = Table(x.rows * z.rows, x.cols);
  right = Table(x.rows * z.rows, z.cols);
  for (std::int64_t i = 0; i < x.rows; ++i)
    for (std::int64_t j = 0; j < z.rows; ++j)
      for (std::int64_t f = 0; f < x.cols; ++f) {
        left(i * z.rows + j, f) = x(i, f);
        right(i * z.rows + j, f) = z(j, f);
      }
}

template <class Interface>
const Interface* offered(const onager_child& kernel, const char* id) {
  return static_cast<const Interface*>(kernel.component->interface(kernel.instance, id));
}

}  // namespace

KernelFunction::KernelFunction(const Specimen& specimen)
    : KernelFunction(specimen.trial(),
                     {sizeof(onager_child), 0, &specimen.component(), specimen.get()}) {}

KernelFunction::KernelFunction(Trial& trial, const onager_child& kernel)
    : trial_(&trial),
      kernel_(kernel),
      radial_(offered<onager_radial_kernel>(kernel, ONAGER_KERNEL_RADIAL)),
      dot_(offered<onager_dot_kernel>(kernel, ONAGER_KERNEL_DOT)),
      composite_(offered<onager_composite_kernel>(kernel, ONAGER_KERNEL_COMPOSITE)),
      block_(offered<onager_block_kernel>(kernel, ONAGER_KERNEL_BLOCK)) {
  if (radial_) form_ = Form::radial;
  else if (dot_) form_ = Form::dot;
  else if (composite_) form_ = Form::composite;
  else if (block_) form_ = Form::block;
  if (form_ == Form::composite) {
    const onager_child* list = nullptr;
    const std::int64_t count =
        trial.measured("children", [&] { return composite_->children(kernel.instance, &list); });
    if (count < 1 || list == nullptr) {
      trial.report("kernel.children", fmt::format("children gave {} kernels", count));
      throw CheckEnds{};
    }
    for (std::int64_t i = 0; i < count; ++i) children_.push_back(KernelFunction(trial, list[i]));
  }
  ask_for_derivative();
}

KernelFunction::~KernelFunction() = default;
KernelFunction::KernelFunction(KernelFunction&&) noexcept = default;

void KernelFunction::ask_for_derivative() {
  if (form_ == Form::none) return;
  if (form_ == Form::block) {
    derivative_ = block_->gradient != nullptr;
    return;
  }
  // asked with count 0, as the host does before a run
  const std::size_t m = argument_names().size();
  double nothing = 0;
  const std::vector<const void*> arguments(m, &nothing);
  const std::vector<void*> slopes(m, &nothing);
  const auto status = trial_->ask("evaluate", [&] {
    return evaluate(ONAGER_FLOAT64, 0, arguments.data(), &nothing, slopes.data());
  });
  derivative_ = status == ONAGER_OK;
  // a failure in the wrong form says enough
  const bool formless = trial_->reported("calls.status") || trial_->reported("calls.reason");
  if (status != ONAGER_OK && status != ONAGER_UNSUPPORTED && !formless)
    trial_->report("kernel.derivative_offered",
                   fmt::format("asked for slopes with count 0, it answered {}", status));
}

bool KernelFunction::has_single() const {
  switch (form_) {
    case Form::radial: return radial_->evaluate_f32 != nullptr;
    case Form::dot: return dot_->evaluate_f32 != nullptr;
    case Form::composite: return composite_->combine_f32 != nullptr;
    default: return true;
  }
}

std::vector<std::string> KernelFunction::argument_names() const {
  if (form_ == Form::radial) return {"r2"};
  if (form_ == Form::dot) return {"s", "a", "b"};
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= children_.size(); ++i) names.push_back(fmt::format("value_{}", i));
  return names;
}

std::vector<std::string> KernelFunction::slope_names() const {
  if (form_ == Form::radial) return {"slope"};
  if (form_ == Form::dot) return {"slope_s", "slope_a"};
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= children_.size(); ++i) names.push_back(fmt::format("slope_{}", i));
  return names;
}

template <class T>
onager_status KernelFunction::evaluate_as(std::int64_t count, const void* const* arguments, void* k,
                                          void* const* slopes) const {
  const auto in = [&](std::size_t i) { return static_cast<const T*>(arguments[i]); };
  const auto out = [&](std::size_t i) { return slopes ? static_cast<T*>(slopes[i]) : nullptr; };
  T* const value = static_cast<T*>(k);
  const void* const self = kernel_.instance;
  if (form_ == Form::radial) {
    if constexpr (sizeof(T) == 8) return radial_->evaluate_f64(self, count, in(0), value, out(0));
    else return radial_->evaluate_f32(self, count, in(0), value, out(0));
  }
  if (form_ == Form::dot) {
    if constexpr (sizeof(T) == 8)
      return dot_->evaluate_f64(self, count, in(0), in(1), in(2), value, out(0), out(1));
    else return dot_->evaluate_f32(self, count, in(0), in(1), in(2), value, out(0), out(1));
  }
  std::vector<const T*> values;
  std::vector<T*> derivatives;
  for (std::size_t i = 0; i < children_.size(); ++i) {
    values.push_back(in(i));
    if (slopes) derivatives.push_back(out(i));
  }
  T* const* derivative = slopes ? derivatives.data() : nullptr;
  if constexpr (sizeof(T) == 8)
    return composite_->combine_f64(self, count, values.data(), value, derivative);
  else return composite_->combine_f32(self, count, values.data(), value, derivative);
}

onager_status KernelFunction::evaluate(onager_dtype dtype, std::int64_t count,
                                       const void* const* arguments, void* k,
                                       void* const* slopes) const {
  return dtype == ONAGER_FLOAT32 ? evaluate_as<float>(count, arguments, k, slopes)
                                 : evaluate_as<double>(count, arguments, k, slopes);
}

Operation KernelFunction::evaluation(const Table& arguments, Outputs outputs) const {
  Operation out;
  out.call = "evaluate";
  out.has_single = has_single();
  out.takes_gaps = false;
  const auto names = argument_names();
  for (std::size_t a = 0; a < names.size(); ++a) {
    Table column(arguments.rows, 1);
    for (std::int64_t i = 0; i < arguments.rows; ++i)
      column(i, 0) = arguments(i, static_cast<std::int64_t>(a));
    out.arguments.push_back({names[a], std::move(column)});
  }
  const bool value = outputs != Outputs::slopes, slopes = outputs != Outputs::value;
  if (value) out.results.push_back({"k", arguments.rows, 1, {}});
  if (slopes)
    for (const auto& name : slope_names()) {
      Result slope{name, arguments.rows, 1, {}};
      // at distance 0 the slope may be anything
      if (form_ == Form::radial)
        for (std::int64_t i = 0; i < arguments.rows; ++i)
          slope.free_rows.push_back(arguments(i, 0) == 0);
      out.results.push_back(std::move(slope));
    }
  out.run = [this, value, slopes](const onager_array* given, onager_array* filled) {
    std::vector<const void*> in;
    std::vector<void*> derivatives;
    for (std::size_t a = 0; a < argument_names().size(); ++a) in.push_back(given[a].data);
    for (std::size_t s = 0; slopes && s < slope_names().size(); ++s)
      derivatives.push_back(filled[s + (value ? 1 : 0)].data);
    return evaluate(given[0].dtype, given[0].rows, in.data(), value ? filled[0].data : nullptr,
                    slopes ? derivatives.data() : nullptr);
  };
  return out;
}

Table KernelFunction::arguments(const Table& x, const Table& z) const {
  Table out(x.rows, static_cast<std::int64_t>(argument_names().size()));
  if (form_ == Form::composite) {
    for (std::size_t c = 0; c < children_.size(); ++c)
      for (std::int64_t i = 0; i < x.rows; ++i) {
        Table one_x(1, x.cols), one_z(1, z.cols);
        for (std::int64_t f = 0; f < x.cols; ++f) {
          one_x(0, f) = x(i, f);
          one_z(0, f) = z(i, f);
        }
        out(i, static_cast<std::int64_t>(c)) = children_[c].values(one_x, one_z)(0, 0);
      }
    return out;
  }
  for (std::int64_t i = 0; i < x.rows; ++i) {
    if (form_ == Form::radial) {
      out(i, 0) = squared_distance(x, i, z, i);
    } else {
      out(i, 0) = dot(x, i, z, i);
      out(i, 1) = dot(x, i, x, i);
      out(i, 2) = dot(z, i, z, i);
    }
  }
  return out;
}

Table KernelFunction::values(const Table& x, const Table& z) const {
  if (form_ == Form::block) return block_values(x, z);
  Table left, right;
  all_pairs(x, z, left, right);
  Table given;
  if (form_ == Form::composite) {
    given = Table(left.rows, static_cast<std::int64_t>(children_.size()));
    for (std::size_t c = 0; c < children_.size(); ++c) {
      const Table child = children_[c].values(x, z);
      for (std::int64_t p = 0; p < given.rows; ++p)
        given(p, static_cast<std::int64_t>(c)) = child.values[static_cast<std::size_t>(p)];
    }
  } else {
    given = arguments(left, right);
  }
  Table out = run_plain(*trial_, evaluation(given, Outputs::value)).front();
  out.rows = x.rows;
  out.cols = z.rows;
  return out;
}

Table KernelFunction::block_values(const Table& x, const Table& z) const {
  return run_plain(*trial_, block(x, z)).front();
}

Operation KernelFunction::block(const Table& x, const Table& z) const {
  Operation out;
  out.call = "block";
  out.arguments = {{"x", x, true}, {"z", z, false}};
  out.results = {{"out", x.rows, z.rows, {}}};
  out.run = [this](const onager_array* given, onager_array* filled) {
    return block_->block(kernel_.instance, &given[0], &given[1], &filled[0]);
  };
  return out;
}

Operation KernelFunction::gradient(const Table& x, const Table& z, const Table& weights) const {
  Operation out;
  out.call = "gradient";
  out.arguments = {{"x", x, true}, {"z", z, false}, {"weights", weights, true}};
  out.results = {{"out", x.rows, x.cols, {}}};
  out.run = [this](const onager_array* given, onager_array* filled) {
    return block_->gradient(kernel_.instance, &given[0], &given[1], &given[2], &filled[0]);
  };
  return out;
}

}  // namespace onager::host::conformance
