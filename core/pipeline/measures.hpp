// SPDX-License-Identifier: MIT
#pragma once

#include <armadillo>

namespace onager::host {

/// Mean over samples and outputs of the squared difference.
template <class T>
double mean_squared_error(const arma::Mat<T>& prediction, const arma::Mat<T>& target) {
  double sum = 0;
  for (arma::uword i = 0; i < target.n_elem; ++i) {
    const double difference = static_cast<double>(prediction(i)) - static_cast<double>(target(i));
    sum += difference * difference;
  }
  return sum / static_cast<double>(target.n_elem);
}

/// Share of the samples (columns) whose largest output is the largest target; with one output,
/// whose sign is the target's.
template <class T>
double accuracy(const arma::Mat<T>& prediction, const arma::Mat<T>& target) {
  arma::uword right = 0;
  for (arma::uword i = 0; i < target.n_cols; ++i) {
    if (target.n_rows == 1) right += (prediction(0, i) > T(0)) == (target(0, i) > T(0));
    else right += prediction.col(i).index_max() == target.col(i).index_max();
  }
  return static_cast<double>(right) / static_cast<double>(target.n_cols);
}

}  // namespace onager::host
