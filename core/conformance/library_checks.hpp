// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/child.hpp"

#include <filesystem>

namespace onager::host::conformance {

/// Loads a library in this child process and holds it against the rules for a plugin as a whole.
/// Findings are sent as {"rule": .., "what": .., "files": []}.
void check_library(const std::filesystem::path& file, const ChildLink& link);

}  // namespace onager::host::conformance
