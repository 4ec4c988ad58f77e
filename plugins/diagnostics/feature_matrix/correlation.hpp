// SPDX-License-Identifier: MIT
//
// Correlation of the entries of matrices.
#pragma once

#include <onager/array.hpp>

#include <cmath>
#include <optional>

namespace onager::plugins {

/// Pearson's correlation of the entries of two matrices of one shape; nothing where the entries of
/// one are all alike.
inline std::optional<double> correlation(const Table& a, const Table& b) {
  const auto count = static_cast<double>(a.values.size());
  double mean_a = 0, mean_b = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    mean_a += a.values[i] / count;
    mean_b += b.values[i] / count;
  }
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double u = a.values[i] - mean_a, v = b.values[i] - mean_b;
    ab += u * v;
    aa += u * u;
    bb += v * v;
  }
  if (aa == 0 || bb == 0) return std::nullopt;
  return ab / (std::sqrt(aa) * std::sqrt(bb));
}

}  // namespace onager::plugins
