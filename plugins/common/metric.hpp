// SPDX-License-Identifier: MIT
//
// What can be a metric M in |x - z|² = (x - z)' M (x - z).
#pragma once

#include "linear_apply.hpp"

#include <cmath>
#include <string>

namespace onager::plugins {

/// Refuses a square matrix, or a diagonal, that is no metric: one that is not finite, not symmetric
/// to single precision or negative on its diagonal. `name` begins the message.
inline void require_metric(const Table& m, MatrixForm form, const std::string& name) {
  const auto refuse = [&](const std::string& reason) {
    throw Error(ONAGER_INVALID, name + ": a metric " + reason);
  };
  double largest = 0;
  for (const double v : m.values) {
    if (!std::isfinite(v)) refuse("holds finite numbers, this one does not");
    largest = std::max(largest, std::abs(v));
  }
  for (std::int64_t i = 0; i < m.rows; ++i) {
    const std::string row = std::to_string(i);
    if (m(i, form == MatrixForm::full ? i : 0) < 0)
      refuse("has no negative number on its diagonal, but row " + row + " has");
    for (std::int64_t j = 0; form == MatrixForm::full && j < i; ++j) {
      const std::string column = std::to_string(j);
      // float32 files are symmetric to their own precision
      if (std::abs(m(i, j) - m(j, i)) > 1e-5 * largest)
        refuse("is symmetric, but elements [" + row + ", " + column + "] and [" + column + ", " +
               row + "] differ");
    }
  }
}

}  // namespace onager::plugins
