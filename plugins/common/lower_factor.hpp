// SPDX-License-Identifier: MIT
//
// Cholesky factor of a kernel matrix of sampled points, and its inverse.
#pragma once

#include "kernel_system.hpp"

#include <limits>

namespace onager::plugins {

/// k (m x m) <- L with L L' = K[points, points] + jitter I, zeros above the diagonal. The jitter is
/// from m eps times the mean of the diagonal, tenfold until the factorisation passes. m³/3 flops.
template <class T>
void factor_sampled(const KernelOperator<T>& kernel, const Host& host, const Indices& points,
                    Matrix<T> k) {
  double jitter = 0;
  for (;;) {
    host.stop_if_cancelled();
    kernel.block(points, points, k);
    double mean = 0;
    for (std::int64_t i = 0; i < k.rows; ++i)
      mean += static_cast<double>(k(i, i)) / static_cast<double>(k.rows);
    if (!(std::abs(mean) <= std::numeric_limits<double>::max()))
      throw Error(ONAGER_NUMERICAL,
                  "the diagonal of the kernel matrix is not finite; check the kernel's parameters "
                  "and the scale of the features");
    const double least =
        static_cast<double>(k.rows) * std::numeric_limits<T>::epsilon() * std::abs(mean);
    jitter = jitter == 0 ? least : 10 * jitter;
    if (!(jitter > 0 && jitter <= std::max(0.1 * mean, least)))
      throw Error(ONAGER_NUMERICAL, "the kernel matrix of " + std::to_string(k.rows) +
                                        " sampled points is not positive definite, not even with " +
                                        in_short(jitter / 10) +
                                        " on its diagonal; is the kernel positive definite?");
    for (std::int64_t i = 0; i < k.rows; ++i) k(i, i) += static_cast<T>(jitter);
    if (host.cholesky<T>(k) == 0) break;
  }
  for (std::int64_t i = 0; i < k.rows; ++i)
    for (std::int64_t j = i + 1; j < k.rows; ++j) k(i, j) = T(0);
}

namespace detail {

template <class T>
Matrix<T> corner(Matrix<T> m, std::int64_t row, std::int64_t col, std::int64_t rows,
                 std::int64_t cols) {
  m.data += row * m.row_stride + col;
  m.rows = rows;
  m.cols = cols;
  return m;
}

/// l <- L⁻¹; work: at least half of l in rows and columns, rounded up.
///   [A 0; C D]⁻¹ = [A⁻¹ 0; -D⁻¹ C A⁻¹  D⁻¹]
template <class T>
void invert(const Host& host, Matrix<T> l, Matrix<T> work) {
  const std::int64_t m = l.rows, first = m / 2, rest = m - first;
  if (m <= 64) {
    for (std::int64_t j = 0; j < m; ++j) {
      l(j, j) = T(1) / l(j, j);
      for (std::int64_t i = j + 1; i < m; ++i) {
        T sum = 0;
        for (std::int64_t k = j; k < i; ++k) sum += l(i, k) * l(k, j);
        l(i, j) = -sum / l(i, i);
      }
    }
    return;
  }
  const auto a = corner(l, 0, 0, first, first), c = corner(l, first, 0, rest, first),
             d = corner(l, first, first, rest, rest);
  invert(host, a, work);
  invert(host, d, work);
  const auto ca = corner(work, 0, 0, rest, first);
  host.gemm<T>(1, c, false, a, false, 0, ca);
  host.gemm<T>(-1, d, false, ca, false, 0, c);
}

}  // namespace detail

/// l (m x m, lower triangular, zeros above) <- its inverse. 2 m³ / 3 flops, m²/4 numbers.
template <class T>
void invert_lower(const Host& host, Matrix<T> l) {
  const std::int64_t half = (l.rows + 1) / 2;
  const Buffer<T> memory(host, half * half);
  detail::invert(host, l, Matrix<T>(memory.data(), half, half));
}

}  // namespace onager::plugins
