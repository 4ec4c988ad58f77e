// SPDX-License-Identifier: MIT
#pragma once

#include <onager/abi.h>

#include <vector>

namespace onager::host {

struct ComponentPlan;

/// The values of a plan as create() gets them. Borrows the plan's texts and lists.
class Configuration {
 public:
  /// `children`: for each value of the plan, its nested components.
  Configuration(const ComponentPlan& plan, const std::vector<std::vector<onager_child>>& children);
  Configuration(const Configuration&) = delete;
  Configuration& operator=(const Configuration&) = delete;

  const onager_config* get() const { return &config_; }

 private:
  std::vector<std::vector<const char*>> texts_;
  std::vector<onager_value> values_;
  onager_config config_;
};

}  // namespace onager::host
