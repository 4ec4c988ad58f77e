// SPDX-License-Identifier: MIT
//
// Alignment of symmetric matrices, or of diagonals.
#pragma once

#include "observed_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

namespace onager::plugins {

/// The lower part of a symmetric matrix with the entries off its diagonal times sqrt 2, or a
/// diagonal as it is: the inner product of two of these is Frobenius' inner product of the
/// matrices.
inline std::vector<double> packed(const onager_array& matrix) {
  std::vector<double> out;
  if (holds_diagonal(matrix.rows, matrix.cols)) {
    for (std::int64_t i = 0; i < matrix.rows; ++i) out.push_back(element(matrix, i, 0));
    return out;
  }
  const double root_2 = std::sqrt(2.0);
  for (std::int64_t i = 0; i < matrix.rows; ++i) {
    for (std::int64_t j = 0; j < i; ++j) out.push_back(root_2 * element(matrix, i, j));
    out.push_back(element(matrix, i, i));
  }
  return out;
}

/// <a, b> / (|a| |b|), or nothing where one of them is zero.
inline std::optional<double> cosine(const double* a, const double* b, std::size_t count) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < count; ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  if (aa == 0 || bb == 0) return std::nullopt;
  return std::clamp(ab / (std::sqrt(aa) * std::sqrt(bb)), -1.0, 1.0);
}

/// <A, B> / (|A| |B|) of two symmetric matrices; where one is a diagonal, the other's diagonal is
/// taken. Nothing where one of them is zero.
inline std::optional<double> alignment(const onager_array& a, const onager_array& b) {
  if (a.rows != b.rows)
    throw Error(ONAGER_INVALID, "a matrix of " + std::to_string(a.rows) +
                                    " features cannot be compared with a reference of " +
                                    std::to_string(b.rows));
  const bool a_diagonal = holds_diagonal(a.rows, a.cols),
             b_diagonal = holds_diagonal(b.rows, b.cols);
  if (a_diagonal && !b_diagonal) {
    Table other = diagonal_of(b);
    return alignment(a, other.view().array());
  }
  if (b_diagonal && !a_diagonal) return alignment(b, a);
  const auto left = packed(a), right = packed(b);
  return cosine(left.data(), right.data(), left.size());
}

}  // namespace onager::plugins
