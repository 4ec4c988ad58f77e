// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace onager::host {

/// y = factor x^exponent, fitted to points.
struct PowerLaw {
  double factor = 0, exponent = 0;
  double standard_error = 0;  // of the exponent; NaN for two points
  std::size_t points = 0;

  double at(double x) const;
};

/// Least squares of log y = log factor + exponent log x,
///
///   exponent = S_xy / S_xx,   standard error = sqrt(SSR / (n - 2) / S_xx),
///
/// S_xx, S_xy: sums of squares and products about the means, SSR: of the squared residuals. Points
/// that are not above 0 do not count; nothing when those left have fewer than two different x.
/// Source: Draper, Smith, Applied regression analysis, 1998, chapter 1.
std::optional<PowerLaw> fit_power(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace onager::host
