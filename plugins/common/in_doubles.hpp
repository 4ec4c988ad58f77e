// SPDX-License-Identifier: MIT
//
// Calls in float32 whose numbers would lose too many digits on the way.
#pragma once

#include <onager/array.hpp>

#include <deque>
#include <utility>
#include <vector>

namespace onager::plugins {

/// The arguments of a call as doubles, and its results, which round() writes back. A pointer that
/// is NULL stays so.
template <class T>
class InDoubles {
 public:
  Matrix<const double> of(Matrix<const T> m) {
    tables_.push_back(Table::copy_of(m.array()));
    return std::as_const(tables_.back()).view();
  }
  const Matrix<const double>* of(const Matrix<const T>* m) {
    if (!m) return nullptr;
    return &inputs_.emplace_back(of(*m));
  }
  Matrix<double> result(Matrix<T> m) {
    tables_.emplace_back(m.rows, m.cols);
    results_.emplace_back(&tables_.back(), m);
    return tables_.back().view();
  }
  Matrix<double>* result(Matrix<T>* m) { return m ? &outputs_.emplace_back(result(*m)) : nullptr; }
  void round() const {
    for (const auto& [table, to] : results_) table->copy_to(to.array());
  }

 private:
  std::deque<Table> tables_;
  std::deque<Matrix<const double>> inputs_;
  std::deque<Matrix<double>> outputs_;
  std::vector<std::pair<const Table*, Matrix<T>>> results_;
};

}  // namespace onager::plugins
