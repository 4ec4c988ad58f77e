// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/life.hpp"

#include <vector>

namespace onager::host::conformance {

/// Gradient and curvature of a loss on some outputs and targets, row by row.
Operations loss_operations(const Specimen& specimen);

/// Those, and the value.
std::vector<Call> loss_life(Specimen& specimen);

/// The value is finite, is the sum over its rows, and does not depend on whether a gradient is
/// asked for.
void check_loss_value(Trial& trial);

/// The gradient against difference quotients of the value, and the curvature against those of the
/// gradient.
void check_loss_derivatives(Trial& trial);

}  // namespace onager::host::conformance
