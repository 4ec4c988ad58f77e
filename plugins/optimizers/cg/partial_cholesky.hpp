// SPDX-License-Identifier: MIT
#pragma once

#include "../../common/early_stopping.hpp"

namespace onager::plugins {

/// Pivoted Cholesky factorisation of the training samples' K, ended after as many steps as b has
/// columns: K = b b' + rest, the rest positive semidefinite.
///
///   p = argmax diag(rest),   b_k = rest[:, p] / sqrt(rest_pp),   diag(rest) -= b_k²
///
/// The columns of K are computed as they are asked for. It ends sooner, with fewer columns written,
/// when what is left of the diagonal is rounding: below n eps of the largest entry of K. Returns
/// the number of columns. b: n x r with rows of r numbers. 2 n r d + n r² flops, 4 n numbers.
/// Source: Harbrecht, Peters, Schneider, On the low-rank approximation by the pivoted Cholesky
/// decomposition, Appl. Numer. Math. 62, 2012.
template <class T>
std::int64_t partial_cholesky(const KernelOperator<T>& kernel, const Host& host, const Split& split,
                              Matrix<T> b) {
  const std::int64_t n = split.training, samples = kernel.size();
  const Buffer<T> memory(host, samples + n + b.cols);
  const Buffer<double> rest_memory(host, n);
  const Matrix<T> column(memory.data(), samples, 1), known(column.data + samples, n, 1),
      row(known.data + n, b.cols, 1);
  double* rest = rest_memory.data();
  const auto at = [&](std::int64_t i) { return split.order[static_cast<std::size_t>(i)]; };

  kernel.diagonal(column);
  for (std::int64_t i = 0; i < n; ++i) rest[i] = static_cast<double>(column(at(i), 0));
  const double least = static_cast<double>(n) * std::numeric_limits<T>::epsilon() *
                       *std::max_element(rest, rest + n);
  const T one(1);
  for (std::int64_t k = 0; k < b.cols; ++k) {
    host.stop_if_cancelled();
    const std::int64_t pivot = std::max_element(rest, rest + n) - rest;
    const double value = rest[pivot];
    if (!std::isfinite(value) || (k == 0 && !(value > 0)))
      throw Error(ONAGER_NUMERICAL, "the diagonal of the kernel matrix is " + in_short(value) +
                                        " for sample " + std::to_string(at(pivot)) +
                                        "; check the kernel's parameters and the scale of the "
                                        "features");
    if (k > 0 && value <= least) return k;

    kernel.columns_product({at(pivot)}, Matrix<const T>(&one, 1, 1), column);
    Matrix<T> before = b;
    before.cols = k;
    for (std::int64_t j = 0; j < k; ++j) row(j, 0) = b(pivot, j);
    set_zero(known);
    if (k > 0) host.gemm<T>(1, before, false, rows_of(row, 0, k), false, 0, known);
    const double root = std::sqrt(value);
    for (std::int64_t i = 0; i < n; ++i) {
      const double entry =
          i == pivot
              ? root
              : (static_cast<double>(column(at(i), 0)) - static_cast<double>(known(i, 0))) / root;
      b(i, k) = static_cast<T>(rest[i] > 0 || i == pivot ? entry : 0);
      rest[i] = i == pivot ? 0 : std::max(0.0, rest[i] - entry * entry);
    }
    host.progress(static_cast<double>(k + 1) / static_cast<double>(b.cols), "preconditioner");
  }
  return b.cols;
}

/// Numbers of type T that it holds besides b.
inline double partial_cholesky_numbers(std::int64_t samples, std::int64_t training,
                                       std::int64_t rank) {
  return static_cast<double>(samples + 3 * training + rank);
}

}  // namespace onager::plugins
