// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/specimen.hpp"

namespace onager::host::conformance {

/// It lowers the loss of least squares, says truly what each step did, and keeps to its memory.
/// Nothing without "onager.optimizer.step/1".
void check_steps(Trial& trial);

/// The same steps in a new instance, and in one that goes on with the state of another.
void check_steps_again(Trial& trial);

/// It fails when the objective fails, and stops when it is told to.
void check_steps_obedience(Trial& trial);

}  // namespace onager::host::conformance
