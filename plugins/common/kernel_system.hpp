// SPDX-License-Identifier: MIT
//
// What iterative solvers of (K + ridge I) alpha = y share: residuals, lists of samples, limits on
// time and memory.
#pragma once

#include "in_short.hpp"

#include <onager/buffer.hpp>
#include <onager/optimizer.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace onager::plugins {

using Indices = std::vector<std::int64_t>;

/// Samples that are asked of the operator at once: enough for all threads, few enough that a stop
/// request is seen soon.
constexpr std::int64_t chunk_rows = 2048;

/// The time since it was made, against a limit in seconds that may be infinite.
class Deadline {
 public:
  explicit Deadline(double seconds) : limit_(seconds) {}
  double left() const {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin_;
    return limit_ - spent.count();
  }
  bool passed() const { return left() <= 0; }

 private:
  double limit_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Numbers of a solver's type that an index takes, at most.
constexpr double index_numbers = 2;

/// Numbers that the host's symmetric eigensolver takes for an n x n matrix while it works: LAPACK's
/// syevd asks for 2 n² + 6 n + 1, and 5 n + 3 integers.
inline double eigensolver_numbers(std::int64_t n) {
  return 2 * static_cast<double>(n) * static_cast<double>(n) + 12 * static_cast<double>(n) + 4;
}

/// The tolerance the user gave, or where it is 0 one that T reaches on ill-conditioned matrices.
template <class T>
double tolerance_or_default(double given, double float64, double float32) {
  if (given > 0) return given;
  return sizeof(T) == sizeof(float) ? float32 : float64;
}

/// Numbers of type T that a solver may hold.
template <class T>
double allowed_numbers(const KernelOperator<T>& kernel) {
  return static_cast<double>(kernel.memory()) / static_cast<double>(sizeof(T));
}

inline Parameter time_limit_parameter(const char* doc) {
  return real("time_limit", std::numeric_limits<double>::infinity(), doc).unit("s").above(0);
}

/// Refuses what would not fit: `numbers` of type T against the operator's memory.
template <class T>
void require_memory(const KernelOperator<T>& kernel, double numbers, const std::string& what,
                    const std::string& advice) {
  const double needed = numbers * sizeof(T), allowed = static_cast<double>(kernel.memory());
  if (needed <= allowed) return;
  throw Error(ONAGER_NO_MEMORY, what + " needs " + in_short(needed / 1e9) + " GB, " +
                                    in_short(allowed / 1e9) + " GB are allowed; " + advice);
}

/// `count` of 0 .. n-1, uniformly without replacement, ascending.
inline Indices sample(const Host& host, std::int64_t n, std::int64_t count) {
  Indices chosen = host.permutation(0, n);
  chosen.resize(static_cast<std::size_t>(std::min(n, count)));
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

inline Indices range(std::int64_t first, std::int64_t count) {
  Indices all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), first);
  return all;
}

inline Indices part(const Indices& all, std::int64_t first, std::int64_t count) {
  return {all.begin() + first, all.begin() + first + count};
}

template <class T>
Matrix<T> rows_of(Matrix<T> m, std::int64_t first, std::int64_t count) {
  m.data += first * m.row_stride;
  m.rows = count;
  return m;
}

template <class T>
Matrix<T> columns_of(Matrix<T> m, std::int64_t first, std::int64_t count) {
  m.data += first;
  m.cols = count;
  return m;
}

template <class T>
void copy(Matrix<const T> from, Matrix<T> to) {
  for (std::int64_t i = 0; i < from.rows; ++i)
    for (std::int64_t j = 0; j < from.cols; ++j) to(i, j) = from(i, j);
}

template <class T>
void set_zero(Matrix<T> m) {
  for (std::int64_t i = 0; i < m.rows; ++i)
    for (std::int64_t j = 0; j < m.cols; ++j) m(i, j) = T(0);
}

/// Row i of `to` <- row rows[i] of `from`.
template <class T>
void gather(Matrix<const T> from, const Indices& rows, Matrix<T> to) {
  for (std::int64_t i = 0; i < to.rows; ++i)
    for (std::int64_t j = 0; j < to.cols; ++j)
      to(i, j) = from(rows[static_cast<std::size_t>(i)], j);
}

/// Row rows[i] of `to` <- row i of `from`, and the others 0.
template <class T>
void scatter(Matrix<const T> from, const Indices& rows, Matrix<T> to) {
  set_zero(to);
  for (std::int64_t i = 0; i < from.rows; ++i)
    for (std::int64_t j = 0; j < to.cols; ++j)
      to(rows[static_cast<std::size_t>(i)], j) = from(i, j);
}

/// <a_j, b_j> of every column j, summed in double.
template <class T>
std::vector<double> column_dots(Matrix<const T> a, Matrix<const T> b) {
  std::vector<double> sums(static_cast<std::size_t>(a.cols));
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < a.cols; ++j)
      sums[static_cast<std::size_t>(j)] +=
          static_cast<double>(a(i, j)) * static_cast<double>(b(i, j));
  return sums;
}

/// Largest |r_j| / |y_j| over the columns, from squares; a column with y_j = 0 counts as solved
/// when its residual is 0. NaN when any of them is.
inline double relative_residual(const std::vector<double>& r2, const std::vector<double>& y2) {
  double largest = 0;
  for (std::size_t j = 0; j < r2.size(); ++j) {
    if (r2[j] == 0) continue;
    const double ratio = std::sqrt(r2[j] / y2[j]);
    if (!(ratio <= largest)) largest = ratio;
    if (std::isnan(ratio)) return ratio;
  }
  return largest;
}

}  // namespace onager::plugins
