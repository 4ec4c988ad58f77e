// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/registry.hpp"

#include <string>

namespace onager::host {

/// The format of pipeline files as a JSON Schema (draft 4, which the TOML language servers read):
/// an editor that has it completes and checks a file. Each component of the registry is a table of
/// its own, with the types, ranges, choices, defaults and descriptions of its parameters.
std::string pipeline_schema(const Registry& registry);

}  // namespace onager::host
