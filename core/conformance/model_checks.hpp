// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/life.hpp"

#include <vector>

namespace onager::host::conformance {

/// All calls of a model from arrays to arrays. They keep the prepared model.
Operations model_operations(const Specimen& specimen);
/// Parameters to start from, and those.
std::vector<Call> model_life(Specimen& specimen);

/// The starting point is the same in every call, and parts lie within the parameters.
void check_model_parameters(Trial& trial);

/// vjp gives the f of forward, calls the cotangent once in between, and its results are the
/// difference quotients of forward.
void check_model_vjp(Trial& trial);

/// jvp, hvp and second against difference quotients; jvp and vjp against each other, and the
/// Hessian against its transpose.
void check_model_tangent(Trial& trial);

/// The tangent kernel is that of the gradients, and symmetric.
void check_model_tangent_kernel(Trial& trial);

}  // namespace onager::host::conformance
