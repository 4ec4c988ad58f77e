// SPDX-License-Identifier: MIT
#pragma once

#include "config/plan.hpp"
#include "pipeline/experiment.hpp"
#include "plugin/instance.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace onager::host {

/// The environment that a run makes for a place in the pipeline.
using EnvironmentOf = std::function<Environment(const std::string& path)>;

/// The live components of a pipeline, each with an environment of its own that outlives it.
class Components {
 public:
  explicit Components(const EnvironmentOf& environment) : environment_(environment) {}

  std::unique_ptr<Instance> create(const ComponentPlan& plan);
  const Environment& first_environment() const { return *environments_.front(); }

 private:
  const EnvironmentOf environment_;
  std::vector<std::unique_ptr<Environment>> environments_;
};

/// A component whose state a checkpoint keeps, with its place in the pipeline.
using Stateful = std::pair<std::string, const Instance*>;

/// States of those that have one.
std::vector<ComponentState> read_states(const std::vector<Stateful>& components);

/// Writes them back. Throws Error(system) when one is not of these components.
void write_states(const std::vector<Stateful>& components,
                  const std::vector<ComponentState>& states);

}  // namespace onager::host
