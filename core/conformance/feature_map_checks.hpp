// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/life.hpp"

#include <vector>

namespace onager::host::conformance {

/// Fits a map to moderate samples, lets it learn once where it learns, and fits it again. Its apply
/// and pullback are then the operations.
Operations feature_map_operations(const Specimen& specimen);
/// Another fit, and those.
std::vector<Call> feature_map_life(Specimen& specimen);

/// The output's size is that which output_dimension says, for some numbers of features.
void check_map_dimension(Trial& trial);

/// The pullback, or the matrix of a linear map, against difference quotients of apply.
void check_map_pullback(Trial& trial);

/// phi(x) = x A + constant for the matrix A that it gives.
void check_map_matrix(Trial& trial);

/// A new instance with the state of another answers the same, bit for bit.
void check_map_state(Trial& trial);

}  // namespace onager::host::conformance
