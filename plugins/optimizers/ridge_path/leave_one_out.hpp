// SPDX-License-Identifier: MIT
//
// Leave-one-out errors of kernel ridge regression for many ridges from one eigendecomposition.
#pragma once

#include "../../common/dense_kernel.hpp"

#include <limits>

namespace onager::plugins {

/// K = Q diag(l) Q' of n samples, l ascending, with B = Q' y.
template <class T>
struct Spectrum {
  Matrix<const T> q;        // n x n, eigenvectors as columns
  Matrix<const T> values;   // n x 1
  Matrix<const T> targets;  // n x c
  Matrix<const T> b;        // n x c

  double value(std::int64_t k) const { return static_cast<double>(values(k, 0)); }
};

/// Whether targets name classes: one column of -1 and 1, or rows of one larger number among equal
/// ones, the same two numbers in each.
template <class T>
bool name_classes(Matrix<const T> y) {
  if (y.cols == 1) {
    for (std::int64_t i = 0; i < y.rows; ++i)
      if (std::abs(y(i, 0)) != T(1)) return false;
    return true;
  }
  T low = y(0, 0), high = y(0, 0);
  for (std::int64_t j = 0; j < y.cols; ++j) {
    low = std::min(low, y(0, j));
    high = std::max(high, y(0, j));
  }
  for (std::int64_t i = 0; i < y.rows; ++i) {
    std::int64_t highs = 0, lows = 0;
    for (std::int64_t j = 0; j < y.cols; ++j) {
      highs += y(i, j) == high;
      lows += y(i, j) == low;
    }
    if (highs != 1 || lows != y.cols - 1) return false;
  }
  return true;
}

/// Errors of one ridge; nan where it was not tried.
struct RidgeErrors {
  double ridge;
  double loo_mse = std::numeric_limits<double>::quiet_NaN();
  double gcv = std::numeric_limits<double>::quiet_NaN();
  double loo_accuracy = std::numeric_limits<double>::quiet_NaN();
};

/// How rows of Q and columns of coefficients are taken at once.
struct PathBlocks {
  std::int64_t rows, ridges;

  PathBlocks(std::int64_t n, std::int64_t c, std::int64_t count)
      : rows(std::min<std::int64_t>(n, 256)),
        ridges(std::clamp<std::int64_t>(512 / std::max<std::int64_t>(c, 1), 1, count)) {}
  /// What leave_one_out holds.
  static double numbers(std::int64_t n, std::int64_t c, std::int64_t count) {
    const PathBlocks block(n, c, count);
    const double columns = static_cast<double>(block.ridges * c),
                 b = static_cast<double>(block.rows);
    const double of_diagonals = static_cast<double>(n * count) + b * static_cast<double>(n);
    const double of_solutions = static_cast<double>(n) * columns + b * columns;
    return static_cast<double>(n * count) + std::max(of_diagonals, of_solutions);
  }
};

/// diagonals (n x count) <- (G⁻¹)_ii of G = K + ridge I for all ridges: the squares of Q times
/// 1 / (l + ridge), one gemm of 2 n² count flops in blocks of rows.
template <class T>
void inverse_diagonals(const Host& host, const Spectrum<T>& spectrum,
                       const std::vector<RidgeErrors>& path, const PathBlocks& block,
                       Matrix<T> diagonals) {
  const std::int64_t n = spectrum.q.rows, count = diagonals.cols;
  const Buffer<T> inverse_memory(host, n * count), square_memory(host, block.rows * n);
  const Matrix<T> inverse(inverse_memory.data(), n, count);
  for (std::int64_t k = 0; k < n; ++k)
    for (std::int64_t r = 0; r < count; ++r)
      inverse(k, r) =
          static_cast<T>(1 / (spectrum.value(k) + path[static_cast<std::size_t>(r)].ridge));
  for (std::int64_t first = 0; first < n; first += block.rows) {
    host.stop_if_cancelled();
    const std::int64_t rows = std::min(block.rows, n - first);
    const Matrix<T> squares(square_memory.data(), rows, n);
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t k = 0; k < n; ++k) {
        const T value = spectrum.q(first + i, k);
        squares(i, k) = value * value;
      }
    host.gemm<T>(1, squares, false, inverse, false, 0, rows_of(diagonals, first, rows));
  }
}

/// out (n x c for each ridge, side by side) <- diag(1 / (l + ridge)) B
template <class T>
void scale_by_ridges(const Spectrum<T>& spectrum, const RidgeErrors* path, std::int64_t ridges,
                     Matrix<T> out) {
  const std::int64_t c = spectrum.b.cols;
  for (std::int64_t k = 0; k < out.rows; ++k)
    for (std::int64_t r = 0; r < ridges; ++r) {
      const T factor = static_cast<T>(1 / (spectrum.value(k) + path[r].ridge));
      for (std::int64_t j = 0; j < c; ++j) out(k, r * c + j) = factor * spectrum.b(k, j);
    }
}

/// Fills in the errors of every ridge of the path. With G = K + ridge I and alpha = G⁻¹ y,
///
///   loo_mse = 1/(n c) sum_ij (alpha_ij / (G⁻¹)_ii)²
///   gcv     = 1/(n c) sum_ij alpha_ij² / (tr(G⁻¹) / n)²
///
/// alpha_ij / (G⁻¹)_ii is what y_ij differs by from the prediction at x_i of the predictor fitted
/// to the others; gcv has the mean of the diagonal for each of its entries. 2 n² (c + 1) flops a
/// ridge. Sources: Allen, Technometrics 16, 1974 (PRESS); Rifkin, Lippert, Notes on regularized
/// least squares, MIT-CSAIL-TR-2007-025, 2007; Golub, Heath, Wahba, Technometrics 21, 1979 (GCV).
template <class T>
void leave_one_out(const Host& host, const Spectrum<T>& spectrum, std::vector<RidgeErrors>& path) {
  const std::int64_t n = spectrum.q.rows, c = spectrum.targets.cols;
  const auto count = static_cast<std::int64_t>(path.size());
  const PathBlocks block(n, c, count);
  const Buffer<T> diagonal_memory(host, n * count);
  const Matrix<T> diagonals(diagonal_memory.data(), n, count);
  inverse_diagonals(host, spectrum, path, block, diagonals);

  const bool classes = name_classes(spectrum.targets);
  const Buffer<T> scaled_memory(host, n * block.ridges * c),
      alpha_memory(host, block.rows * block.ridges * c);
  for (std::int64_t first_ridge = 0; first_ridge < count; first_ridge += block.ridges) {
    const std::int64_t ridges = std::min(block.ridges, count - first_ridge);
    RidgeErrors* const errors = path.data() + first_ridge;
    const Matrix<T> scaled(scaled_memory.data(), n, ridges * c);
    scale_by_ridges(spectrum, errors, ridges, scaled);
    std::vector<double> left_out(static_cast<std::size_t>(ridges)), squares(left_out),
        right(left_out);
    for (std::int64_t first = 0; first < n; first += block.rows) {
      host.stop_if_cancelled();
      const std::int64_t rows = std::min(block.rows, n - first);
      const Matrix<T> alpha(alpha_memory.data(), rows, ridges * c);
      host.gemm<T>(1, rows_of(spectrum.q, first, rows), false, scaled, false, 0, alpha);
      for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t r = 0; r < ridges; ++r) {
          const auto at = static_cast<std::size_t>(r);
          const double d = static_cast<double>(diagonals(first + i, first_ridge + r));
          // the class with the largest prediction, and the right one
          std::int64_t largest = 0, answer = 0;
          double most = 0;
          for (std::int64_t j = 0; j < c; ++j) {
            const double a = static_cast<double>(alpha(i, r * c + j));
            const double y = static_cast<double>(spectrum.targets(first + i, j));
            left_out[at] += a / d * (a / d);
            squares[at] += a * a;
            const double prediction = y - a / d;
            if (j == 0 || prediction > most) {
              most = prediction;
              largest = j;
            }
            if (y > static_cast<double>(spectrum.targets(first + i, answer))) answer = j;
          }
          const bool hit = c == 1 ? most * static_cast<double>(spectrum.targets(first + i, 0)) > 0
                                  : largest == answer;
          right[at] += hit;
        }
    }
    const double entries = static_cast<double>(n * c);
    for (std::size_t r = 0; r < left_out.size(); ++r) {
      double trace = 0;
      for (std::int64_t k = 0; k < n; ++k) trace += 1 / (spectrum.value(k) + errors[r].ridge);
      const double mean = trace / static_cast<double>(n);
      errors[r].loo_mse = left_out[r] / entries;
      errors[r].gcv = squares[r] / entries / (mean * mean);
      if (classes) errors[r].loo_accuracy = right[r] / static_cast<double>(n);
    }
  }
}

}  // namespace onager::plugins
