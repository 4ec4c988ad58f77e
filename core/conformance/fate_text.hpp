// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/child.hpp"

#include <string>
#include <utility>

namespace onager::host::conformance {

/// The rule that was broken when a child did not come to its end, and what happened. `when`: the
/// circumstances, "in the check 'memory'".
std::pair<std::string, std::string> described(const ChildEnd& end, const std::string& when,
                                              double seconds);

}  // namespace onager::host::conformance
