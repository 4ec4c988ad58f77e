// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/specimen.hpp"

namespace onager::host::conformance {

/// Observes rounds of a kernel machine or of a network and emits the same finite numbers every
/// time.
void check_diagnostic_rounds(Trial& trial);

/// What other instances observe, of other parameters too, changes nothing.
void check_diagnostic_instances(Trial& trial, const ComponentPlan& other);

/// Instances on threads of their own, other than those they were created on, emit what they do
/// alone.
void check_diagnostic_threads(Trial& trial);

/// A run that has none of the arrays, and one that ends before its first round, are no crash.
void check_diagnostic_without_arrays(Trial& trial);

/// With the state of another instance it goes on as that would have.
void check_diagnostic_state(Trial& trial);

}  // namespace onager::host::conformance
