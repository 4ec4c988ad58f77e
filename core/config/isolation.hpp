// SPDX-License-Identifier: MIT
#pragma once

#include "config/components.hpp"

#include <string>

namespace onager::host {

/// Whether a key is the host's own: isolation or call_limit.
bool is_isolation_key(const std::string& key);

/// What a table, of the whole file or of a component, says about isolation; `otherwise` where it
/// says nothing.
Isolation read_isolation(const Node& table, const Isolation& otherwise, const Scope& scope);

/// Lines of a component's table in a pipeline file; "" for one that is not isolated.
std::string to_toml(const Isolation& isolation);
/// A pipeline file without those lines: where a plugin lives does not change a number.
std::string without_isolation(const std::string& config);

}  // namespace onager::host
