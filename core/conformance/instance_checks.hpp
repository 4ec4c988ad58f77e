// SPDX-License-Identifier: MIT
//
// What holds for several instances of a component, of any kind.
#pragma once

#include "conformance/life.hpp"

#include <vector>

namespace onager::host::conformance {

/// An instance answers as it does in a process of its own: when made anew, while another is called
/// by turns with it, and once another was used and destroyed. `other`: parameters for that. In a
/// process in which nothing was created.
void check_instances(Trial& trial, const ComponentPlan& other, const LifeOf& life);

/// Instances that are created on several threads at once, and used on those, each by one of them,
/// answer as one does alone.
void check_threads_apart(Trial& trial, const ComponentPlan& other,
                         const std::vector<LifeOf>& lives);

/// A parameter that may be negative and changes what an instance answers does not give the same for
/// both signs.
void check_signs(Trial& trial, const std::vector<LifeOf>& lives);

}  // namespace onager::host::conformance
