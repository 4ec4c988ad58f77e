// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/problems.hpp"
#include "plugin/component_plan.hpp"
#include "plugin/registry.hpp"

#include <filesystem>
#include <string>

namespace onager::host {

/// What components are validated with.
struct Scope {
  const Registry& registry;
  std::filesystem::path folder;  // of the pipeline file, absolute
  Problems& problems;
};

/// Validates a table as a component of a kind, with all that is nested in it. `path` is its place
/// in the pipeline, as in ComponentPlan. After problems the plan is incomplete.
ComponentPlan read_component(const Node& table, const std::string& kind, const std::string& path,
                             const Scope& scope);

}  // namespace onager::host
