// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/specimen.hpp"

namespace onager::host::conformance {

/// Observes rounds of a run and emits the same numbers every time, or says what it lacks.
void check_diagnostic_rounds(Trial& trial);

/// A run that has none of the arrays, and one that ends before its first round, are no crash.
void check_diagnostic_without_arrays(Trial& trial);

/// With the state of another instance it goes on as that would have.
void check_diagnostic_state(Trial& trial);

}  // namespace onager::host::conformance
