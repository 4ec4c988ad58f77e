// SPDX-License-Identifier: MIT
//
// Norms of a symmetric matrix and of its inverse, for an estimate of the condition number.
#pragma once

#include "../../common/dense_kernel.hpp"

namespace onager::plugins {

constexpr std::int64_t norm_stripes = 16, norm_vectors = 4;

/// |A|_1, the largest sum of a column, from the lower part. n² additions; 16 n doubles, fixed so
/// that the number of threads does not change the sums.
template <class T>
double one_norm(const Host& host, Matrix<const T> a) {
  const std::int64_t n = a.rows;
  const Buffer<double> memory(host, norm_stripes * n);
  const Matrix<double> sums(memory.data(), norm_stripes, n);
  host.parallel(norm_stripes, [&](std::int64_t stripe, std::int32_t) {
    double* sum = sums.row(stripe);
    std::fill(sum, sum + n, 0.0);
    for (std::int64_t i = stripe; i < n; i += norm_stripes) {
      const T* row = a.row(i);
      double own = std::abs(static_cast<double>(row[i]));
      for (std::int64_t j = 0; j < i; ++j) {
        const double value = std::abs(static_cast<double>(row[j]));
        own += value;
        sum[j] += value;
      }
      sum[i] += own;
    }
  });
  double largest = 0;
  for (std::int64_t j = 0; j < n; ++j) {
    double sum = 0;
    for (std::int64_t stripe = 0; stripe < norm_stripes; ++stripe) sum += sums(stripe, j);
    if (!(sum <= largest)) largest = sum;
    if (std::isnan(sum)) break;
  }
  return largest;
}

/// v (n x norm_vectors) <- random columns of length 1.
template <class T>
void random_directions(const Host& host, Matrix<T> v) {
  for (std::int64_t i = 0; i < v.rows; i += chunk_rows) {
    const std::int64_t rows = std::min(chunk_rows, v.rows - i);
    const auto random = host.normal(1, static_cast<std::uint64_t>(i * v.cols), rows * v.cols);
    for (std::int64_t k = 0; k < rows; ++k)
      for (std::int64_t j = 0; j < v.cols; ++j)
        v(i + k, j) = static_cast<T>(random[static_cast<std::size_t>(k * v.cols + j)]);
  }
  const auto squares = column_dots<T>(v, v);
  for (std::int64_t i = 0; i < v.rows; ++i)
    for (std::int64_t j = 0; j < v.cols; ++j)
      v(i, j) /= static_cast<T>(std::sqrt(squares[static_cast<std::size_t>(j)]));
}

/// |A⁻¹|_F, not below |A⁻¹|_2 but for chance, from A⁻¹ times random_directions: n times the mean of
/// their squared lengths is |A⁻¹|_F² on average.
template <class T>
double inverse_norm_from(Matrix<const T> images) {
  double sum = 0;
  for (const double square : column_dots<T>(images, images)) sum += square;
  return std::sqrt(static_cast<double>(images.rows) * sum / static_cast<double>(images.cols));
}

/// A lower bound of |A⁻¹|_2 from the factor of A: the largest |A⁻¹ v| after a step of the power
/// method from 4 random vectors v. 16 n² flops, 4 n numbers.
/// Source: Dixon, Estimating extremal eigenvalues and condition numbers of matrices, 1983.
template <class T>
double inverse_norm(const Host& host, Matrix<const T> factor) {
  const std::int64_t n = factor.rows;
  const Buffer<T> memory(host, n * norm_vectors);
  const Matrix<T> v(memory.data(), n, norm_vectors);
  random_directions(host, v);
  double largest = 0;
  for (int step = 0; step < 2; ++step) {
    const auto before = column_dots<T>(v, v);
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j < norm_vectors; ++j)
        v(i, j) = static_cast<T>(static_cast<double>(v(i, j)) /
                                 std::sqrt(before[static_cast<std::size_t>(j)]));
    host.cholesky_solve<T>(factor, v);
    const auto after = column_dots<T>(v, v);
    largest = std::sqrt(*std::max_element(after.begin(), after.end()));
  }
  return largest;
}

}  // namespace onager::plugins
