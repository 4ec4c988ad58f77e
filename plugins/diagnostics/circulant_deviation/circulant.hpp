// SPDX-License-Identifier: MIT
//
// How far a square block is from a circulant one.
#pragma once

#include "../../common/coupling_block.hpp"

#include <optional>

namespace onager::plugins {

/// D(A) = (1/|A|_F²) sum_j Var_j with Var_j = sum (v - mean v)² over the j-th wrapped line of A,
/// that is over the entries (i, i + j mod q) for diagonals and (i, j - i mod q) for anti-diagonals.
///
/// 0 for a circulant, near 1 for a matrix of independent numbers with mean 0. Nothing for a block
/// of zeros. Source: Mallinar et al. 2025.
inline std::optional<double> circulant_deviation(const Table& block, WrappedLines lines) {
  const std::int64_t q = block.rows;
  const auto entry = [&](std::int64_t i, std::int64_t j) {
    return block(i, lines == WrappedLines::diagonals ? (i + j) % q : (j - i + q) % q);
  };
  double variance = 0, norm = 0;
  for (std::int64_t j = 0; j < q; ++j) {
    double sum = 0;
    for (std::int64_t i = 0; i < q; ++i) sum += entry(i, j);
    const double mean = sum / static_cast<double>(q);
    for (std::int64_t i = 0; i < q; ++i) {
      variance += (entry(i, j) - mean) * (entry(i, j) - mean);
      norm += entry(i, j) * entry(i, j);
    }
  }
  if (norm == 0) return std::nullopt;
  return variance / norm;
}

}  // namespace onager::plugins
