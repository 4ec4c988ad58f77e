// SPDX-License-Identifier: MIT
#include "conformance/view_stand_in.hpp"

#include "base/error.hpp"
#include "conformance/objective_stand_in.hpp"
#include "conformance/stand_in_model.hpp"
#include "plugin/abi_guard.hpp"

#include <fmt/format.h>

namespace onager::host::conformance {

namespace {

constexpr std::int64_t features = 6, classes = 3, group_size = features / 2;
constexpr std::int64_t training_samples = 15, test_samples = 9;

Table one_hot(std::int64_t rows) {
  Table out(rows, classes);
  for (std::int64_t i = 0; i < rows; ++i) out(i, i % classes) = 1;
  return out;
}

/// x x' of some rows, over their number.
Table outer_product(const Table& x) {
  Table out(x.cols, x.cols);
  for (std::int64_t i = 0; i < x.rows; ++i)
    for (std::int64_t f = 0; f < x.cols; ++f)
      for (std::int64_t g = 0; g < x.cols; ++g)
        out(f, g) += x(i, f) * x(i, g) / static_cast<double>(x.rows);
  return out;
}

Table counting(std::int64_t rows) {
  Table out(rows, 1);
  for (std::int64_t i = 0; i < rows; ++i) out(i, 0) = static_cast<double>(i);
  return out;
}

}  // namespace

/// The model behind a view of a network.
struct ViewStandIn::ModelInstance {
  ModelInstance() { stand_in_model().create(nullptr, nullptr, &instance); }
  ~ModelInstance() { stand_in_model().destroy(instance); }
  ModelInstance(const ModelInstance&) = delete;
  ModelInstance& operator=(const ModelInstance&) = delete;
  void* instance = nullptr;
};

/// The functions of onager_network, with the current parameters where w is NULL.
struct ViewStandIn::NetworkCalls {
  static const ViewStandIn& of(const onager_network* raw) {
    return *static_cast<const ViewStandIn*>(raw->context);
  }
  static onager_array parameters(const onager_network* raw, const onager_array* w) {
    return w ? *w : of(raw).arrays_.at("parameters")->view();
  }
  static onager_status part(const onager_network* raw, std::int64_t index, onager_model_part* out) {
    const auto& model = *of(raw).functions_->model();
    return model.part(of(raw).model_->instance, index, out);
  }
  static onager_status forward(const onager_network* raw, const onager_array* w,
                               const onager_array* x, onager_array* out) {
    return abi_guard([&] { of(raw).functions_->forward(parameters(raw, w), *x, *out); });
  }
  static onager_status vjp(const onager_network* raw, const onager_array* w, const onager_array* x,
                           const onager_array* v, onager_array* w_out, onager_array* x_out) {
    return abi_guard([&] {
      Table f(x->rows, classes);
      // in the precision of the call: a buffer of doubles has room for either
      onager_array fs = f.view().array();
      fs.dtype = x->dtype;
      of(raw).functions_->vjp(parameters(raw, w), *x, fs, nullptr, nullptr, *v, w_out, x_out);
    });
  }
  static onager_status jvp(const onager_network* raw, const onager_array* w, const onager_array* x,
                           const onager_array* u, const onager_array* s, onager_array* out) {
    return abi_guard([&] { of(raw).functions_->jvp(parameters(raw, w), *x, u, s, *out); });
  }
  static onager_status hvp(const onager_network* raw, const onager_array* w, const onager_array* x,
                           const onager_array* v, const onager_array* u, const onager_array* s,
                           onager_array* w_out, onager_array* x_out) {
    return abi_guard(
        [&] { of(raw).functions_->hvp(parameters(raw, w), *x, *v, u, s, w_out, x_out); });
  }
  static onager_status tangent_kernel(const onager_network* raw, const onager_array* w,
                                      const onager_array* x, const onager_array* z,
                                      onager_array* out) {
    return abi_guard([&] { of(raw).functions_->tangent_kernel(parameters(raw, w), *x, z, *out); });
  }
};

ViewStandIn::ViewStandIn(const Trial& trial, std::int64_t round, RunKind kind, onager_dtype dtype)
    : kind_(kind), table_{sizeof table_, 0, this, round, array, group_count, group, nullptr} {
  if (kind == RunKind::without_arrays) return;
  add_data(trial, dtype);
  if (kind == RunKind::network) add_network(trial, dtype);
  else
    add("coefficients", dtype,
        trial.normal(training_samples, classes, fmt::format("view/{}/coefficients", round)));
}

ViewStandIn::~ViewStandIn() = default;

void ViewStandIn::add_data(const Trial& trial, onager_dtype dtype) {
  const auto numbers = [&](std::int64_t rows, std::int64_t cols, const std::string& stream) {
    return trial.normal(rows, cols, fmt::format("view/{}/{}", table_.round, stream));
  };
  for (const auto& [split, rows] :
       {std::make_pair("train", training_samples), std::make_pair("test", test_samples)}) {
    add(fmt::format("{}.inputs", split), dtype, trial.normal(rows, features, split));
    add(fmt::format("{}.targets", split), dtype, one_hot(rows));
    add(fmt::format("{}.predictions", split), dtype, numbers(rows, classes, split));
  }
  const Table metric = outer_product(numbers(20, features, "metric"));
  add("gradient_outer_product", dtype, metric);
  add("gradient_outer_product.plain", dtype, metric);
  add("state.feature_matrix", ONAGER_FLOAT64, metric);
  add("fact.egop", ONAGER_FLOAT64, outer_product(trial.normal(20, features, "egop")));
  add("fact.support", ONAGER_INT64, counting(2));
  add("fact.circulant_order", ONAGER_INT64, counting(group_size));
  add("fact.circulant_direction", ONAGER_INT64, Table(1, 1, 1.0));
}

void ViewStandIn::add_network(const Trial& trial, onager_dtype dtype) {
  const auto& component = stand_in_model();
  model_ = std::make_unique<ModelInstance>();
  const onager_child child{sizeof(onager_child), 0, &component, model_->instance};
  functions_ = std::make_unique<ModelFunctions>(
      child, [](const char*, const std::function<onager_status()>& call) {
        if (call() != ONAGER_OK) throw Error(Category::plugin, "the stand-in model failed");
      });
  std::int64_t parameters = 0;
  functions_->model()->prepare(model_->instance, features, classes, &parameters);
  objective_ = std::make_unique<ObjectiveStandIn>(trial, 1, dtype);

  const Table start = trial.normal(parameters, 1, "initial parameters");
  const auto at_step = [&](std::int64_t step) {
    Table w = start;
    const Table away = trial.normal(parameters, 1, fmt::format("parameters/{}", step));
    for (std::size_t k = 0; step > 0 && k < w.values.size(); ++k)
      w.values[k] += away.values[k] / 10;
    return w;
  };
  const std::int64_t step = table_.round;
  add("initial_parameters", dtype, start);
  add("parameters", dtype, at_step(step));
  if (step > 0) add("previous_parameters", dtype, at_step(step - 1));
  add("loss_gradient", dtype, trial.normal(parameters, 1, fmt::format("gradient/{}", step)));
  add("network.inputs", dtype, arrays_.at("train.inputs")->table());
  for (const auto& [name, w] : {std::make_pair("tangent_kernel", "parameters"),
                                std::make_pair("initial_tangent_kernel", "initial_parameters")}) {
    const Table weights = arrays_.at(w)->table(), x = arrays_.at("network.inputs")->table();
    Table kernel(x.rows * classes, x.rows * classes);
    auto out = kernel.view().array();
    functions_->tangent_kernel(weights.view().array(), x.view().array(), nullptr, out);
    add(name, dtype, kernel);
  }
  last_ = {sizeof last_, 0, training_samples, nullptr, 1 / static_cast<double>(1 + step), 0.1};
  using Calls = NetworkCalls;
  network_ = {sizeof network_,
              dtype,
              this,
              parameters,
              training_samples,
              features,
              classes,
              &objective_->abi(),
              step > 0 ? &last_ : nullptr,
              Calls::part,
              Calls::forward,
              Calls::vjp,
              Calls::jvp,
              Calls::hvp,
              Calls::tangent_kernel};
  table_.network = &network_;
}

void ViewStandIn::add(const std::string& name, onager_dtype dtype, const Table& numbers) {
  auto array = std::make_unique<GuardedArray>(name, Role::input, dtype, numbers.rows, numbers.cols);
  array->fill_and_seal(numbers);
  arrays_[name] = std::move(array);
}

const ViewStandIn& ViewStandIn::of(const onager_view* raw) {
  return *static_cast<const ViewStandIn*>(raw->context);
}

onager_status ViewStandIn::array(const onager_view* raw, const char* name, onager_array* out) {
  const auto& arrays = of(raw).arrays_;
  const auto found = arrays.find(name);
  if (found == arrays.end()) return ONAGER_NOT_FOUND;
  *out = found->second->view();
  return ONAGER_OK;
}

std::int64_t ViewStandIn::group_count(const onager_view* raw) {
  return of(raw).kind_ == RunKind::without_arrays ? 0 : 2;
}

onager_status ViewStandIn::group(const onager_view* raw, std::int64_t index,
                                 onager_feature_group* out) {
  if (index < 0 || index >= group_count(raw)) return ONAGER_NOT_FOUND;
  out->name = index == 0 ? "first" : "second";
  out->first = index * group_size;
  out->count = group_size;
  return ONAGER_OK;
}

}  // namespace onager::host::conformance
