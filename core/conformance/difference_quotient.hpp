// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace onager::host::conformance {

/// A derivative from values of the function, with how well it is known.
struct DifferenceQuotient {
  double value = 0, error = 0;

  /// Whether a derivative that the plugin gives can be right: within 1e-5 of it, or within ten
  /// times the quotient's own error.
  bool agrees(double derivative) const;
};

/// f'(x) by central differences with steps `step`, step / 2, .. and extrapolation to step 0; the
/// error is what the last two orders differ by.
/// Source: Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in Engineering
/// Software 4 (1982).
DifferenceQuotient difference_quotient(const std::function<double(double)>& f, double x,
                                       double step);

}  // namespace onager::host::conformance
