// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/component_plan.hpp"

#include <string>

namespace onager::host {

class Registry;

/// A component with its parameters and all that is nested in it, for another process of this
/// program.
std::string to_message(const ComponentPlan& plan);

/// The plan in that process; its plugins are loaded into the registry. Throws Error.
ComponentPlan from_message(const std::string& message, Registry& registry);

}  // namespace onager::host
