// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace onager::host {

/// Whether version `a` comes before `b`. Versions are cut at dots, runs of digits compare as
/// numbers and all else as text; what follows a '-' makes a version older than the same without
/// (1.0.0-beta < 1.0.0 < 1.0.1 < 1.10), as in Semantic Versioning 2.0.0; what follows a '+' does
/// not count.
bool is_older(std::string_view a, std::string_view b);

}  // namespace onager::host
