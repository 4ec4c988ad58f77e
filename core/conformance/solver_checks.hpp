// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/general_checks.hpp"
#include "conformance/specimen.hpp"

namespace onager::host::conformance {

/// A solve of a well-conditioned system as an operation; nothing without
/// "onager.optimizer.linear/1".
Operations solver_operations(const Specimen& specimen);

/// (K + ridge I) solution = targets for some ridge that is not negative, on matrices whose inverse
/// is known to be harmless; no targets give no solution.
void check_solver_solutions(Trial& trial);

/// A matrix without an inverse, or that is not finite, ends in a finite solution or in a failure
/// with a reason, not in nonsense that is called success.
void check_solver_singular(Trial& trial);

/// It stops when it is told to, and fails when the operator fails.
void check_solver_obedience(Trial& trial);

/// It takes no more memory of the host than it says, and fails where there is none.
void check_solver_memory(Trial& trial);

}  // namespace onager::host::conformance
