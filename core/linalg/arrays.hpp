// SPDX-License-Identifier: MIT
//
// The bridge between Armadillo and the ABI, without copies. Samples are the columns of an
// arma::Mat (d x n), which byte for byte are the rows (n x d) that plugins see.
#pragma once

#include <onager/abi.h>

#include <armadillo>
#include <cstdint>

namespace onager::host {

template <class T>
constexpr onager_dtype dtype_of() {
  return sizeof(T) == sizeof(float) ? ONAGER_FLOAT32 : ONAGER_FLOAT64;
}

/// The columns first .. first + count - 1 of a matrix as the rows of a borrowed array.
template <class T>
onager_array as_array(const arma::Mat<T>& columns, std::int64_t first, std::int64_t count) {
  const auto d = static_cast<std::int64_t>(columns.n_rows);
  return {sizeof(onager_array),
          dtype_of<T>(),
          const_cast<T*>(columns.memptr()) + first * d,
          count,
          d,
          d,
          1};
}

template <class T>
onager_array as_array(const arma::Mat<T>& columns) {
  return as_array(columns, 0, static_cast<std::int64_t>(columns.n_cols));
}

/// A copy of any float array with its rows as columns, in the wanted precision.
template <class T>
arma::Mat<T> copy_as(const onager_array& a) {
  arma::Mat<T> out(static_cast<arma::uword>(a.cols), static_cast<arma::uword>(a.rows));
  T* to = out.memptr();
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < a.cols; ++j) {
      const std::int64_t at = i * a.row_stride + j * a.col_stride;
      switch (a.dtype) {
        case ONAGER_FLOAT32: *to++ = static_cast<T>(static_cast<const float*>(a.data)[at]); break;
        case ONAGER_FLOAT64: *to++ = static_cast<T>(static_cast<const double*>(a.data)[at]); break;
        default: *to++ = static_cast<T>(static_cast<const std::int64_t*>(a.data)[at]);
      }
    }
  return out;
}

/// Writes columns into the rows of an array of either precision. The shapes agree.
template <class T>
void copy_into(const arma::Mat<T>& columns, const onager_array& out) {
  const T* from = columns.memptr();
  for (std::int64_t i = 0; i < out.rows; ++i)
    for (std::int64_t j = 0; j < out.cols; ++j, ++from) {
      const std::int64_t at = i * out.row_stride + j * out.col_stride;
      if (out.dtype == ONAGER_FLOAT32)
        static_cast<float*>(out.data)[at] = static_cast<float>(*from);
      else static_cast<double*>(out.data)[at] = static_cast<double>(*from);
    }
}

}  // namespace onager::host
