// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/trial.hpp"

#include <functional>
#include <string>
#include <vector>

namespace onager::host::conformance {

/// One thing that is tried with a component and a set of parameters.
struct Check {
  std::string name;
  std::function<void(Trial&)> run;
  std::vector<std::string> needs;  // checks that say nothing new where one of these failed
  bool every_set = true;           // else with the first set of parameters only
  bool unused_process = false;     // in a process in which no instance was yet
};

/// The checks of a kind of component, in their order. `other`: parameters for a second instance;
/// it outlives the checks.
std::vector<Check> checks_of(const std::string& kind, const ComponentPlan& other);

}  // namespace onager::host::conformance
