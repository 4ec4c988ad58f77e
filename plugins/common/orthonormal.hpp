// SPDX-License-Identifier: MIT
//
// A few orthonormal directions, and matrices carried along them.
#pragma once

#include <onager/array.hpp>

#include <cmath>
#include <cstdint>

namespace onager::plugins {

/// Gram-Schmidt over the rows, twice: the second pass takes what rounding left of the first
/// (Giraud, Langou, Rozloznik 2005). Rows of independent normal numbers give a uniformly random
/// subspace. 4 k² d flops.
inline void make_rows_orthonormal(Table& rows) {
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    for (int pass = 0; pass < 2; ++pass)
      for (std::int64_t k = 0; k < i; ++k) {
        double inner = 0;
        for (std::int64_t j = 0; j < rows.cols; ++j) inner += rows(i, j) * rows(k, j);
        for (std::int64_t j = 0; j < rows.cols; ++j) rows(i, j) -= inner * rows(k, j);
      }
    double squares = 0;
    for (std::int64_t j = 0; j < rows.cols; ++j) squares += rows(i, j) * rows(i, j);
    for (std::int64_t j = 0; j < rows.cols; ++j) rows(i, j) /= std::sqrt(squares);
  }
}

/// U' G U for a symmetric G (k x k) and U (k x d): d x d, symmetric to the last bit. k² d + k d²
/// products.
inline Table carried_back(const Table& g, const Table& u) {
  Table gu(u.rows, u.cols), out(u.cols, u.cols);
  for (std::int64_t a = 0; a < u.rows; ++a)
    for (std::int64_t b = 0; b < u.rows; ++b)
      for (std::int64_t j = 0; j < u.cols; ++j) gu(a, j) += g(a, b) * u(b, j);
  for (std::int64_t i = 0; i < u.cols; ++i)
    for (std::int64_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::int64_t a = 0; a < u.rows; ++a) sum += u(a, i) * gu(a, j);
      out(i, j) = out(j, i) = sum;
    }
  return out;
}

}  // namespace onager::plugins
