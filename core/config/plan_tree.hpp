// SPDX-License-Identifier: MIT
#pragma once

#include "config/components.hpp"

namespace onager::host {

/// The plan that a tree describes, its sweep and figures apart. After problems it is incomplete.
Plan plan_of_tree(const Node& root, const Scope& scope);

}  // namespace onager::host
