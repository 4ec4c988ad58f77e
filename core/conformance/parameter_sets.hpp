// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/component_plan.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host::conformance {

/// The parameters to try a component with: its defaults, all real numbers and all integers away
/// from them, every choice and flag, and each number at the ends of its range. Components that it
/// holds are the suite's. Nothing when a parameter without a default is of another kind.
std::vector<ComponentPlan> made_up_parameters(const ComponentEntry& entry,
                                              const Registry& registry);

/// A number's parameter at two sizes and with either sign, all else as in a plan.
struct EitherSign {
  std::string small, large;  // "width = 0.37"
  std::string minus_small, minus_large;
  ComponentPlan with_small, with_large, with_minus_small, with_minus_large;
};
/// Those whose ranges allow it.
std::vector<EitherSign> numbers_of_either_sign(const ComponentPlan& plan);

/// The tables of a TOML file that use the component: [KIND] or [[KIND]], as in a pipeline file.
/// Throws Error(config) for tables that are not valid.
std::vector<ComponentPlan> parameters_of_file(const std::filesystem::path& file,
                                              const ComponentEntry& entry,
                                              const Registry& registry);

/// "bandwidth = 0.0" where that is all but the defaults, and an end of the range that the table
/// gives or a number that only a range without lower end allows; else "".
std::string end_of_a_range(const ComponentPlan& plan);

/// Those that are not the defaults, as TOML: "bandwidth = 2.0, mode = \"far\"".
std::string parameters_text(const ComponentPlan& plan);

}  // namespace onager::host::conformance
