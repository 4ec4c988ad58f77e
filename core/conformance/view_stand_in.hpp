// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/guarded_array.hpp"
#include "conformance/trial.hpp"

#include <onager/abi.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace onager::host::conformance {

/// A run that can be viewed.
struct RunForm {
  enum class Kind { kernel_machine, network, without_arrays } kind;
  onager_dtype dtype = ONAGER_FLOAT64;

  /// "a network in float32"
  std::string described() const;
};

/// A run after a round as diagnostics see it: a small problem of classification with three classes
/// and the arrays that such a run has, by their names. A network is trained; a kernel machine's
/// numbers are drawn.
class ViewStandIn {
 public:
  ViewStandIn(const Trial& trial, std::int64_t round, const RunForm& form);
  ~ViewStandIn();
  ViewStandIn(const ViewStandIn&) = delete;
  ViewStandIn& operator=(const ViewStandIn&) = delete;
  const onager_view& abi() const { return table_; }
  std::vector<const GuardedArray*> arrays() const;

 private:
  Table drawn(const Trial& trial, std::int64_t rows, std::int64_t cols, const char* stream) const;
  void add(const std::string& name, onager_dtype dtype, const Table& numbers);
  void add_facts(const Trial& trial);
  void add_kernel_machine(const Trial& trial);
  template <class T>
  void add_network(const Table& train, const Table& test);
  static const ViewStandIn& of(const onager_view* raw);
  static onager_status array(const onager_view* raw, const char* name, onager_array* out);
  static std::int64_t group_count(const onager_view* raw);
  static onager_status group(const onager_view* raw, std::int64_t index, onager_feature_group* out);

  const RunForm form_;
  std::map<std::string, std::unique_ptr<GuardedArray>> arrays_;
  std::shared_ptr<void> network_;  // a NetworkStandIn of either precision
  onager_view table_;
};

}  // namespace onager::host::conformance
