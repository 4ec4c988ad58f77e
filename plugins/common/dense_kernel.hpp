// SPDX-License-Identifier: MIT
//
// What solvers that hold the whole kernel matrix share.
#pragma once

#include "kernel_system.hpp"

namespace onager::plugins {

/// Numbers from one row to the next: rows a power of two apart would share cache sets, 10 to 15 %
/// of a factorisation.
inline std::int64_t padded(std::int64_t n) { return n % 256 == 0 ? n + 8 : n; }

/// An n x n matrix in `memory` of n padded(n) numbers.
template <class T>
Matrix<T> dense(const Buffer<T>& memory, std::int64_t n) {
  Matrix<T> k(memory.data(), n, n);
  k.row_stride = padded(n);
  return k;
}

template <class T>
bool finite(Matrix<const T> values) {
  for (std::int64_t i = 0; i < values.rows; ++i)
    for (std::int64_t j = 0; j < values.cols; ++j)
      if (!std::isfinite(values(i, j))) return false;
  return true;
}

[[noreturn]] inline void refuse_pair(std::int64_t i, std::int64_t j) {
  throw Error(ONAGER_NUMERICAL, "the kernel of samples " + std::to_string(i) + " and " +
                                    std::to_string(j) +
                                    " is not finite; check the kernel's parameters and the scale "
                                    "of the features");
}

/// Refuses numbers that are not finite in the lower part of k.
template <class T>
void require_finite(Matrix<const T> k) {
  for (std::int64_t i = 0; i < k.rows; ++i)
    for (std::int64_t j = 0; j <= i; ++j)
      if (!std::isfinite(k(i, j))) refuse_pair(i, j);
}

/// Samples on which a residual is measured: enough for an estimate to 10 % where there are 8192 or
/// more, few enough to cost about a hundredth of a factorisation.
inline std::int64_t residual_samples(std::int64_t n) {
  return std::min(n, std::clamp<std::int64_t>(n / 32, 32, 256));
}

/// max_j |r_j| / |y_j| of r = y - (K + ridge I) alpha, where |r_j|² is estimated as n / s times its
/// sum over s = residual_samples(n) samples, one at random from each of s stretches of equal
/// length. 2 s n (d + c) flops, s c numbers.
template <class T>
double sampled_residual(const KernelOperator<T>& kernel, const Host& host, double ridge,
                        Matrix<const T> targets, Matrix<const T> solution) {
  const std::int64_t n = kernel.size(), s = residual_samples(n), c = targets.cols;
  const std::vector<double> place = host.uniform(0, 0, s);
  const double length = static_cast<double>(n) / static_cast<double>(s);
  Indices rows(static_cast<std::size_t>(s));
  for (std::size_t k = 0; k < rows.size(); ++k)
    rows[k] = std::min(n - 1, static_cast<std::int64_t>(
                                  (static_cast<double>(k) + (n == s ? 0 : place[k])) * length));

  const Buffer<T> memory(host, s * c);
  const Matrix<T> product(memory.data(), s, c);
  kernel.rows_product(rows, solution, product);
  std::vector<double> r2(static_cast<std::size_t>(c));
  for (std::int64_t k = 0; k < s; ++k) {
    const std::int64_t i = rows[static_cast<std::size_t>(k)];
    for (std::int64_t j = 0; j < c; ++j) {
      const double r = static_cast<double>(targets(i, j)) - static_cast<double>(product(k, j)) -
                       ridge * static_cast<double>(solution(i, j));
      r2[static_cast<std::size_t>(j)] += length * r * r;
    }
  }
  return relative_residual(r2, column_dots(targets, targets));
}

}  // namespace onager::plugins
