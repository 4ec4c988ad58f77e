// SPDX-License-Identifier: MIT
#pragma once

#include "base/where.hpp"
#include "plugin/registry.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onager::host {

struct ComponentPlan;

/// One parameter of a component, resolved: what the user wrote, or the default.
struct ParameterValue {
  const onager_parameter* parameter = nullptr;
  // The value is the default's, written or not: to_toml writes defaults out, and a plan read back
  // from it must not differ.
  bool is_default = true;
  Where where;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::string> texts;
  std::vector<ComponentPlan> children;
};

/// Whether a component lives in a process of its own, with all that is nested in it.
struct Isolation {
  bool process = false;
  double call_limit = 600;  // seconds that a call may take without a sign of life; 0: no limit
};

/// A component with all its parameters, in the order of its table.
struct ComponentPlan {
  const LoadedPlugin* plugin = nullptr;
  const onager_component* component = nullptr;
  std::string use;   // as the user wrote it
  std::string path;  // "kernel", "feature_map[0]", "kernel.terms[1]"
  // Its random numbers are those of this place: of the component it is the only child of, where
  // that is of its own kind, else of its path (also where this is empty).
  std::string stream;
  Where where;
  std::int64_t every = 1;  // a diagnostic observes each row whose index this divides
  Isolation isolation;     // of a component that is not nested
  std::vector<ParameterValue> values;
};

}  // namespace onager::host
