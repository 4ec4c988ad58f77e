// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/life.hpp"

namespace onager::host::conformance {

/// It lowers the loss of least squares, says truly what each step did, and keeps to its memory.
/// Nothing without "onager.optimizer.step/1".
void check_steps(Trial& trial);

/// Steps in that precision. Nothing without "onager.optimizer.step/1".
LifeOf steps_in(onager_dtype dtype);

/// The same steps in a new instance, and in one that goes on with the state of another.
void check_steps_again(Trial& trial);

/// It fails when the objective fails, and stops when it is told to.
void check_steps_obedience(Trial& trial);

}  // namespace onager::host::conformance
