// SPDX-License-Identifier: MIT
//
// What iterative solvers of (K + ridge I) alpha = y share: residuals, products that can be stopped,
// limits on time and memory.
#pragma once

#include <onager/buffer.hpp>
#include <onager/optimizer.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <locale>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

namespace onager::plugins {

using Indices = std::vector<std::int64_t>;

/// Samples that are asked of the operator at once: enough for all threads, few enough that a stop
/// request is seen soon.
constexpr std::int64_t chunk_rows = 2048;

inline std::string in_short(double value) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.precision(3);
  text << value;
  return text.str();
}

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

template <class T>
Matrix<T> rows_of(Matrix<T> m, std::int64_t first, std::int64_t count) {
  m.data += first * m.row_stride;
  m.rows = count;
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

/// out <- (K + ridge I) v. 2 n² (d + c) flops.
template <class T>
void apply_kernel(const KernelOperator<T>& kernel, const Host& host, double ridge,
                  Matrix<const T> v, Matrix<T> out) {
  for (std::int64_t first = 0; first < kernel.size(); first += chunk_rows) {
    host.stop_if_cancelled();
    const std::int64_t count = std::min(chunk_rows, kernel.size() - first);
    kernel.rows_product(range(first, count), v, rows_of(out, first, count));
  }
  for (std::int64_t i = 0; i < v.rows; ++i)
    for (std::int64_t j = 0; j < v.cols; ++j) out(i, j) += static_cast<T>(ridge) * v(i, j);
}

}  // namespace onager::plugins
