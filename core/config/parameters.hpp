// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/problems.hpp"
#include "plugin/component_plan.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// The rows of a component's table, at the stride its plugin was compiled with.
std::vector<const onager_parameter*> parameters_of(const onager_component& component);

/// What a parameter takes, for messages: "a number in (0, inf)", "a list of integers".
std::string expected(const onager_parameter& parameter);

/// Whether a number lies in the parameter's range. A limit that is infinite takes every finite
/// number; one that is not finite is in the range only where it is the parameter's own default.
bool in_range(const onager_parameter& parameter, double value);
bool in_range(const onager_parameter& parameter, std::int64_t value);

/// "(0, inf)", "[1, 10]": a round bracket where the limit itself is outside.
std::string range_text(const onager_parameter& parameter);

/// The parameter as the component's table has it: not for those that are required.
ParameterValue default_value(const onager_parameter& parameter,
                             const std::filesystem::path& folder);

/// Checks a value that is not a component against its parameter, and returns it. Wrong types,
/// ranges and choices become problems at the value, or at the element of the list. Relative paths
/// of the file count from `folder`, those of overrides from the current folder.
ParameterValue read_value(const onager_parameter& parameter, const Node& node,
                          const std::filesystem::path& folder, Problems& problems);

}  // namespace onager::host
