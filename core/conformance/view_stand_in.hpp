// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/guarded_array.hpp"
#include "conformance/trial.hpp"
#include "linalg/model_functions.hpp"

#include <onager/abi.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace onager::host::conformance {

class ObjectiveStandIn;

/// Of what run a view is.
enum class RunKind { kernel_machine, network, without_arrays };

/// A run after a round as diagnostics see it: a small problem of classification with three classes
/// and the arrays that such a run has, by their names.
class ViewStandIn {
 public:
  ViewStandIn(const Trial& trial, std::int64_t round, RunKind kind, onager_dtype dtype);
  ~ViewStandIn();
  ViewStandIn(const ViewStandIn&) = delete;
  ViewStandIn& operator=(const ViewStandIn&) = delete;
  const onager_view& abi() const { return table_; }

 private:
  struct NetworkCalls;
  struct ModelInstance;
  void add(const std::string& name, onager_dtype dtype, const Table& numbers);
  void add_data(const Trial& trial, onager_dtype dtype);
  void add_network(const Trial& trial, onager_dtype dtype);
  static const ViewStandIn& of(const onager_view* raw);
  static onager_status array(const onager_view* raw, const char* name, onager_array* out);
  static std::int64_t group_count(const onager_view* raw);
  static onager_status group(const onager_view* raw, std::int64_t index, onager_feature_group* out);

  std::map<std::string, std::unique_ptr<GuardedArray>> arrays_;
  const RunKind kind_;
  onager_view table_;
  // of a network
  std::unique_ptr<ModelInstance> model_;
  std::unique_ptr<ModelFunctions> functions_;
  std::unique_ptr<ObjectiveStandIn> objective_;
  onager_step last_{};
  onager_network network_{};
};

}  // namespace onager::host::conformance
