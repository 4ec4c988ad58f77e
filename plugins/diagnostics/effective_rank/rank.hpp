// SPDX-License-Identifier: MIT
//
// How many directions a matrix uses.
#pragma once

#include <cmath>
#include <optional>
#include <vector>

namespace onager::plugins {

struct Ranks {
  double effective, participation;
};

/// With s the absolute values of the eigenvalues of a symmetric matrix (its singular values) and
/// p = s / sum s:
///   effective      exp(-sum p log p), 0 log 0 = 0    (Roy and Vetterli, EUSIPCO 2007)
///   participation  (sum s)² / sum s²
/// Both are r for r equal values and 1 for a single one. Nothing for a matrix of zeros.
inline std::optional<Ranks> ranks_of(const std::vector<double>& eigenvalues) {
  double sum = 0, squares = 0, entropy = 0;
  for (const double w : eigenvalues) sum += std::abs(w);
  if (sum == 0) return std::nullopt;
  for (const double w : eigenvalues) {
    const double p = std::abs(w) / sum;
    squares += p * p;
    if (p > 0) entropy -= p * std::log(p);
  }
  return Ranks{std::exp(entropy), 1 / squares};
}

}  // namespace onager::plugins
