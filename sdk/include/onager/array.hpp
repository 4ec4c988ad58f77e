// SPDX-License-Identifier: MIT
//
// Typed views over the arrays that cross the ABI. They own nothing and check nothing in a loop.
#pragma once

#include <onager/abi.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace onager {

/// A failure with the status it crosses the ABI as and a reason for the user.
class Error : public std::runtime_error {
 public:
  Error(onager_status status, const std::string& reason)
      : std::runtime_error(reason), status_(status) {}
  onager_status status() const noexcept { return status_; }

 private:
  onager_status status_;
};

template <class T>
constexpr onager_dtype dtype_of() {
  using Plain = std::remove_const_t<T>;
  static_assert(std::is_same_v<Plain, float> || std::is_same_v<Plain, double> ||
                std::is_same_v<Plain, std::int64_t>);
  if constexpr (std::is_same_v<Plain, float>) return ONAGER_FLOAT32;
  if constexpr (std::is_same_v<Plain, double>) return ONAGER_FLOAT64;
  return ONAGER_INT64;
}

/// rows x cols numbers at data[i * row_stride + j * col_stride]; T is const for inputs.
template <class T>
struct Matrix {
  T* data = nullptr;
  std::int64_t rows = 0, cols = 0, row_stride = 0, col_stride = 1;

  Matrix() = default;
  Matrix(T* pointer, std::int64_t row_count, std::int64_t col_count)
      : data(pointer), rows(row_count), cols(col_count), row_stride(col_count) {}
  explicit Matrix(const onager_array& a)
      : data(static_cast<T*>(a.data)),
        rows(a.rows),
        cols(a.cols),
        row_stride(a.row_stride),
        col_stride(a.col_stride) {
    if (a.dtype != dtype_of<T>())
      throw Error(ONAGER_INVALID, "an array has another number type than this call expects");
  }

  /// What may be written may be read.
  template <class U, class = std::enable_if_t<!std::is_const_v<U> && std::is_same_v<const U, T>>>
  Matrix(const Matrix<U>& m)
      : data(m.data),
        rows(m.rows),
        cols(m.cols),
        row_stride(m.row_stride),
        col_stride(m.col_stride) {}

  T& operator()(std::int64_t i, std::int64_t j) const {
    return data[i * row_stride + j * col_stride];
  }
  T* row(std::int64_t i) const { return data + i * row_stride; }
  bool contiguous_rows() const { return col_stride == 1; }

  /// The same numbers as the ABI sees them.
  onager_array array() const {
    using Plain = std::remove_const_t<T>;
    return {sizeof(onager_array), dtype_of<T>(), const_cast<Plain*>(data), rows, cols,
            row_stride,           col_stride};
  }
};

/// Calls work(Matrix<T>) with T = float or double, as the array's dtype says.
template <class Work>
auto with_dtype(const onager_array& a, Work&& work) {
  if (a.dtype == ONAGER_FLOAT32) return work(float{});
  if (a.dtype == ONAGER_FLOAT64) return work(double{});
  throw Error(ONAGER_INVALID, "an array is neither float32 nor float64");
}

/// Element (i, j) of an array of any dtype, as double.
inline double element(const onager_array& a, std::int64_t i, std::int64_t j) {
  const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i * a.row_stride + j * a.col_stride);
  switch (a.dtype) {
    case ONAGER_FLOAT32: return static_cast<const float*>(a.data)[at];
    case ONAGER_FLOAT64: return static_cast<const double*>(a.data)[at];
    default: return static_cast<double>(static_cast<const std::int64_t*>(a.data)[at]);
  }
}

/// Sets element (i, j) of an array of any dtype.
inline void set_element(const onager_array& a, std::int64_t i, std::int64_t j, double value) {
  const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i * a.row_stride + j * a.col_stride);
  switch (a.dtype) {
    case ONAGER_FLOAT32: static_cast<float*>(a.data)[at] = static_cast<float>(value); break;
    case ONAGER_FLOAT64: static_cast<double*>(a.data)[at] = value; break;
    default: static_cast<std::int64_t*>(a.data)[at] = static_cast<std::int64_t>(value); break;
  }
}

/// A matrix of doubles that its holder owns, rows one after the other.
struct Table {
  std::int64_t rows = 0, cols = 0;
  std::vector<double> values;

  Table() = default;
  Table(std::int64_t row_count, std::int64_t col_count, double value = 0)
      : rows(row_count),
        cols(col_count),
        values(static_cast<std::size_t>(row_count * col_count), value) {}
  double& operator()(std::int64_t i, std::int64_t j) {
    return values[static_cast<std::size_t>(i * cols + j)];
  }
  double operator()(std::int64_t i, std::int64_t j) const {
    return values[static_cast<std::size_t>(i * cols + j)];
  }
  bool empty() const { return values.empty(); }
  Matrix<double> view() { return {values.data(), rows, cols}; }
  Matrix<const double> view() const { return {values.data(), rows, cols}; }

  void copy_to(const onager_array& out) const {
    require_shape(out);
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < cols; ++j) set_element(out, i, j, (*this)(i, j));
  }
  static Table copy_of(const onager_array& a) {
    Table t(a.rows, a.cols);
    for (std::int64_t i = 0; i < a.rows; ++i)
      for (std::int64_t j = 0; j < a.cols; ++j) t(i, j) = element(a, i, j);
    return t;
  }

 private:
  void require_shape(const onager_array& out) const {
    if (out.rows != rows || out.cols != cols)
      throw Error(ONAGER_INVALID, "an output array is " + std::to_string(out.rows) + " x " +
                                      std::to_string(out.cols) + " where " + std::to_string(rows) +
                                      " x " + std::to_string(cols) + " was expected");
  }
};

}  // namespace onager
