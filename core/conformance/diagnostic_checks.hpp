// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/life.hpp"

#include <vector>

namespace onager::host::conformance {

/// Observes rounds of a kernel machine or of a network and emits the same finite numbers every
/// time.
void check_diagnostic_rounds(Trial& trial);

/// What it observes and emits, for each form of a run.
std::vector<LifeOf> diagnostic_lives();

/// A run that has none of the arrays, and one that ends before its first round, are no crash.
void check_diagnostic_without_arrays(Trial& trial);

/// With the state of another instance it goes on as that would have.
void check_diagnostic_state(Trial& trial);

}  // namespace onager::host::conformance
