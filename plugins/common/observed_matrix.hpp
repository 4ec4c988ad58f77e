// SPDX-License-Identifier: MIT
//
// The matrix of features that a diagnostic looks at.
#pragma once

#include <onager/diagnostic.hpp>

#include <string>

namespace onager::plugins {

/// The parameter with which a diagnostic is told the matrix.
inline Parameter observed_matrix_parameter() {
  return choice("of", {"feature_matrix", "agop"}, "feature_matrix",
                "The matrix: learned by a feature map, or the predictor's AGOP");
}

/// The matrix of that name: d x d, or d x 1 where a feature map holds its diagonal only.
inline onager_array observed_matrix(const View& view, const std::string& of) {
  const bool learned = of == "feature_matrix";
  const auto matrix = view.find(learned ? "state.feature_matrix" : "gradient_outer_product");
  if (matrix) return *matrix;
  throw Error(ONAGER_INVALID, learned ? "no feature map of this run has a feature_matrix; add one "
                                        "that learns it, or set of = \"agop\""
                                      : "this run has no average gradient outer product; its "
                                        "kernel or a feature map has no gradient");
}

/// Whether an array holds the diagonal of a matrix in its only column.
inline bool holds_diagonal(std::int64_t rows, std::int64_t cols) { return cols == 1 && rows > 1; }

/// The diagonal of a d x d matrix, or what is one already: d x 1.
inline Table diagonal_of(const onager_array& matrix) {
  const bool vector = holds_diagonal(matrix.rows, matrix.cols);
  Table out(matrix.rows, 1);
  for (std::int64_t i = 0; i < matrix.rows; ++i) out(i, 0) = element(matrix, i, vector ? 0 : i);
  return out;
}

}  // namespace onager::plugins
