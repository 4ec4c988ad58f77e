// SPDX-License-Identifier: MIT
//
// phi(x) = x A for a matrix that is held in both precisions.
#pragma once

#include <onager/plugin.hpp>

#include <algorithm>

namespace onager::plugins {

enum class MatrixForm { full, diagonal };

/// A matrix A (d x e), or the diagonal of one (d x 1), ready to be multiplied by from the right.
class RightFactor {
 public:
  void set(Table values, MatrixForm form) {
    table_ = std::move(values);
    form_ = form;
    single_.resize(table_.values.size());
    std::transform(table_.values.begin(), table_.values.end(), single_.begin(),
                   [](double v) { return static_cast<float>(v); });
  }
  const Table& table() const { return table_; }
  bool diagonal() const { return form_ == MatrixForm::diagonal; }

  /// out (n x e) <- x A
  template <class T>
  void apply(const Host& host, Matrix<const T> x, Matrix<T> out) const {
    if (!diagonal()) {
      host.gemm<T>(1.0, x, false, view<T>(), false, 0.0, out);
      return;
    }
    const T* factor = view<T>().data;
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t j = 0; j < x.cols; ++j) out(i, j) = x(i, j) * factor[j];
  }

 private:
  template <class T>
  Matrix<const T> view() const {
    if constexpr (sizeof(T) == sizeof(float)) return {single_.data(), table_.rows, table_.cols};
    else return {table_.values.data(), table_.rows, table_.cols};
  }

  Table table_;
  std::vector<float> single_;
  MatrixForm form_ = MatrixForm::full;
};

}  // namespace onager::plugins
