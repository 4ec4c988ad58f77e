// SPDX-License-Identifier: MIT
//
// How far a square block is from a circulant one.
#pragma once

#include <onager/array.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace onager::plugins {

enum class WrappedLines : std::int64_t { diagonals = 1, anti_diagonals = -1 };

/// D(A) = (1/|A|_F²) sum_j Var_j with Var_j = sum (v - mean v)² over the j-th wrapped line of A,
/// that is over the entries (i, i + j mod q) for diagonals and (i, j - i mod q) for anti-diagonals.
///
/// A is the block with rows and columns taken in the order given, q of them. 0 for a circulant,
/// near 1 for a matrix of independent numbers with mean 0. Nothing for a block of zeros. Source:
/// Mallinar et al. 2025.
inline std::optional<double> circulant_deviation(const Table& block,
                                                 const std::vector<std::int64_t>& order,
                                                 WrappedLines lines) {
  const auto q = static_cast<std::int64_t>(order.size());
  const auto entry = [&](std::int64_t i, std::int64_t j) {
    const std::int64_t column = lines == WrappedLines::diagonals ? (i + j) % q : (j - i + q) % q;
    return block(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(column)]);
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
