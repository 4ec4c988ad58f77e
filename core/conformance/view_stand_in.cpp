// SPDX-License-Identifier: MIT
#include "conformance/view_stand_in.hpp"

#include "conformance/network_stand_in.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host::conformance {

namespace {

// fewer samples than features: tangent kernels have full rank
constexpr std::int64_t training_samples = 6, test_samples = 5, classes = 3;
constexpr std::int64_t group_size = 3, task = 2 * group_size, features = task + 1;

struct Group {
  const char* name;
  std::int64_t first, count;
};
constexpr Group groups[] = {{"a", 0, group_size}, {"b", group_size, group_size}, {"task", task, 1}};

/// Normal numbers in the groups a and b; of two tasks in turn.
Table inputs(const Trial& trial, std::int64_t rows, const char* split) {
  Table out = trial.normal(rows, features, split);
  for (std::int64_t i = 0; i < rows; ++i) out(i, task) = static_cast<double>(i % 2);
  return out;
}

Table one_hot(std::int64_t rows) {
  Table out(rows, classes);
  for (std::int64_t i = 0; i < rows; ++i) out(i, i % classes) = 1;
  return out;
}

/// x'x of some rows, over their number.
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

std::string RunForm::described() const {
  return fmt::format("{} in {}", kind == Kind::network ? "a network" : "a kernel machine",
                     dtype == ONAGER_FLOAT32 ? "float32" : "float64");
}

ViewStandIn::ViewStandIn(const Trial& trial, std::int64_t round, const RunForm& form)
    : form_(form), table_{sizeof table_, 0, this, round, array, group_count, group, nullptr} {
  if (form.kind == RunForm::Kind::without_arrays) return;
  const Table train = inputs(trial, training_samples, "train");
  const Table test = inputs(trial, test_samples, "test");
  add("train.inputs", form.dtype, train);
  add("train.targets", form.dtype, one_hot(training_samples));
  add("test.inputs", form.dtype, test);
  add("test.targets", form.dtype, one_hot(test_samples));
  add_facts(trial);
  if (form.kind == RunForm::Kind::kernel_machine) add_kernel_machine(trial);
  else if (form.dtype == ONAGER_FLOAT32) add_network<float>(train, test);
  else add_network<double>(train, test);
}

ViewStandIn::~ViewStandIn() = default;

std::vector<const GuardedArray*> ViewStandIn::arrays() const {
  std::vector<const GuardedArray*> out;
  for (const auto& [name, array] : arrays_) out.push_back(array.get());
  return out;
}

Table ViewStandIn::drawn(const Trial& trial, std::int64_t rows, std::int64_t cols,
                         const char* stream) const {
  return trial.normal(rows, cols, fmt::format("view/{}/{}", table_.round, stream));
}

void ViewStandIn::add(const std::string& name, onager_dtype dtype, const Table& numbers) {
  auto array = std::make_unique<GuardedArray>(name, Role::input, dtype, numbers.rows, numbers.cols);
  array->fill_and_seal(numbers);
  arrays_[name] = std::move(array);
}

void ViewStandIn::add_facts(const Trial& trial) {
  add("fact.egop", ONAGER_FLOAT64, outer_product(trial.normal(20, features, "egop")));
  add("fact.support", ONAGER_INT64, counting(2));
  add("fact.leap", ONAGER_INT64, Table(1, 1, 2.0));
  add("fact.circulant_order", ONAGER_INT64, counting(group_size));
  add("fact.circulant_direction", ONAGER_INT64, Table(1, 1, 1.0));
}

void ViewStandIn::add_kernel_machine(const Trial& trial) {
  add("train.predictions", form_.dtype, drawn(trial, training_samples, classes, "train"));
  add("test.predictions", form_.dtype, drawn(trial, test_samples, classes, "test"));
  add("coefficients", form_.dtype, drawn(trial, training_samples, classes, "coefficients"));
  const Table metric = outer_product(drawn(trial, 20, features, "metric"));
  add("gradient_outer_product", form_.dtype, metric);
  add("state.feature_matrix", ONAGER_FLOAT64, metric);
}

template <class T>
void ViewStandIn::add_network(const Table& train, const Table& test) {
  const auto network =
      std::make_shared<NetworkStandIn<T>>(train, one_hot(train.rows), table_.round);
  add("train.predictions", form_.dtype, network->predictions(train));
  add("test.predictions", form_.dtype, network->predictions(test));
  for (const auto& [name, numbers] : network->arrays()) add(name, form_.dtype, numbers);
  table_.network = &network->abi();
  network_ = network;
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
  return of(raw).arrays_.empty() ? 0 : static_cast<std::int64_t>(std::size(groups));
}

onager_status ViewStandIn::group(const onager_view* raw, std::int64_t index,
                                 onager_feature_group* out) {
  if (index < 0 || index >= group_count(raw)) return ONAGER_NOT_FOUND;
  const Group& group = groups[index];
  out->name = group.name;
  out->first = group.first;
  out->count = group.count;
  return ONAGER_OK;
}

}  // namespace onager::host::conformance
