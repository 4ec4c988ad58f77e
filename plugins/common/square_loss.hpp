// SPDX-License-Identifier: MIT
//
// Losses that are a constant times the sum of squared errors.
#pragma once

#include <onager/loss.hpp>

namespace onager::plugins {

///   L = k sum_i sum_l (f_il - y_il)²        dl/df = 2 k (f - y)        d²l/df² = 2 k I
///
/// Constant::of(n, c) is k for n samples of c outputs. lambda, the largest eigenvalue of the
/// Gauss-Newton matrix, is 2 k times the largest of the tangent kernel.
template <class Constant>
class SquareLoss {
 public:
  template <class T>
  double evaluate(std::int64_t samples, Matrix<const T> f, Matrix<const T> y,
                  Matrix<T>* gradient) const {
    const double k = Constant::of(samples, f.cols);
    double sum = 0;
    for (std::int64_t i = 0; i < f.rows; ++i)
      for (std::int64_t l = 0; l < f.cols; ++l) {
        const double error = static_cast<double>(f(i, l)) - static_cast<double>(y(i, l));
        sum += error * error;
        if (gradient) (*gradient)(i, l) = static_cast<T>(2 * k * error);
      }
    return k * sum;
  }
  template <class T>
  void curvature(std::int64_t samples, Matrix<const T> f, Matrix<const T>, Matrix<const T> t,
                 Matrix<T> out) const {
    const double k = Constant::of(samples, f.cols);
    for (std::int64_t i = 0; i < f.rows; ++i)
      for (std::int64_t l = 0; l < f.cols; ++l)
        out(i, l) = static_cast<T>(2 * k * static_cast<double>(t(i, l)));
  }
};

}  // namespace onager::plugins
