// SPDX-License-Identifier: MIT
//
// What holds for any call from arrays to arrays.
#pragma once

#include "conformance/operation.hpp"
#include "conformance/specimen.hpp"

#include <functional>

namespace onager::host::conformance {

using Operations = std::vector<Operation>;
/// The calls of a specimen that was made ready for them.
using OperationsOf = std::function<Operations(const Specimen&)>;

/// Results are written whole, nowhere else, and are finite; inputs are left alone. In both
/// precisions, also with gaps between rows, and with no rows at all.
void check_memory(Trial& trial, const Operations& operations);

/// The same call gives the same bytes.
void check_repetition(Trial& trial, const Operations& operations);

/// A row's results do not depend on which rows come with it, nor on gaps between rows.
void check_rows(Trial& trial, const Operations& operations);

/// float32 gives what float64 gives, to rounding.
void check_precision(Trial& trial, const Operations& operations);

/// NaN or infinity in one row stays in that row's results.
void check_not_finite(Trial& trial, const Operations& operations);

/// Calls on several threads at once give the bytes of one call.
void check_threads(Trial& trial, const Operations& operations);

}  // namespace onager::host::conformance
