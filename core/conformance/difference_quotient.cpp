// SPDX-License-Identifier: MIT
#include "conformance/difference_quotient.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace onager::host::conformance {

bool DifferenceQuotient::agrees(double derivative) const {
  const double size = std::max(std::abs(derivative), std::abs(value));
  return std::abs(derivative - value) <= 1e-5 * size + 10 * error;
}

DifferenceQuotient difference_quotient(const std::function<double(double)>& f, double x,
                                       double step) {
  // far enough down that steps lie on one side of a kink, where there is one nearby
  constexpr std::size_t orders = 14;
  constexpr double eps = std::numeric_limits<double>::epsilon();
  std::array<std::array<double, orders>, orders> table{};
  DifferenceQuotient best{0, std::numeric_limits<double>::infinity()};
  double size = 0;
  for (std::size_t i = 0; i < orders; ++i, step /= 2) {
    const double above = f(x + step), below = f(x - step);
    size = std::max({size, std::abs(above), std::abs(below)});
    table[i][0] = (above - below) / (2 * step);
    // what is lost where the two values cancel
    const double rounding = eps * size / step;
    double power = 1;
    for (std::size_t k = 1; k <= i; ++k) {
      power *= 4;
      table[i][k] = (power * table[i][k - 1] - table[i - 1][k - 1]) / (power - 1);
      const double error = rounding + std::max(std::abs(table[i][k] - table[i][k - 1]),
                                               std::abs(table[i][k] - table[i - 1][k - 1]));
      if (error <= best.error) best = {table[i][k], error};
    }
  }
  return best;
}

}  // namespace onager::host::conformance
