// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/problems.hpp"

#include <string>
#include <vector>

namespace onager::host {

/// Writes overrides such as "kernel.bandwidth=3", "feature_map[0].power=0.5" (or
/// feature_map.0.power) and "kernel.terms[1].use=other" into the tree, in their order.
///
/// What stands right of the '=' is a TOML value; what is not one is taken as a string, so that
/// quotes can be left out. Tables that do not exist are made; validation then says whether they may
/// be there. An override that is malformed or leads nowhere becomes a problem.
void apply_overrides(Node& root, const std::vector<std::string>& overrides, Problems& problems);

}  // namespace onager::host
