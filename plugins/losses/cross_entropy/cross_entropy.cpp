// SPDX-License-Identifier: MIT
#include <onager/loss.hpp>

#include <cmath>

namespace {

using onager::Error;
using onager::Matrix;

/// Negative log-likelihood of one class of c, with P(class l) = p_l = exp(f_l) / sum_k exp(f_k).
///
///   L = 1/n sum_i (log sum_k exp(f_ik) - f_iy),     y: the class of sample i
///   dl/df_l = (p_l - [l = y]) / n
///   (d²l/df² t)_l = p_l (t_l - sum_k p_k t_k) / n
///
/// Targets are one column a class, 1 in that of the sample and 0 elsewhere; anything else is
/// refused. With the largest output a and e_k = exp(f_k - f_a), the loss is
/// log(1 + sum_{k != a} e_k) + f_a - f_y and the gradient of class y -sum_{k != y} e_k / sum_k e_k:
/// nothing overflows, and what is nearly right keeps its relative accuracy. t enters as t - t_a,
/// which the curvature does not tell from t.
///
/// Source: Bridle 1990.
struct CrossEntropy {
  template <class T>
  double evaluate(std::int64_t samples, Matrix<const T> f, Matrix<const T> y,
                  Matrix<T>* gradient) const {
    const auto n = static_cast<double>(samples);
    double sum = 0;
    for (std::int64_t i = 0; i < f.rows; ++i) {
      const std::int64_t label = class_of(y, i), a = largest(f, i);
      double not_largest = 0, not_label = 0;
      for (std::int64_t k = 0; k < f.cols; ++k) {
        const double e = weight(f, i, k, a);
        if (k != a) not_largest += e;
        if (k != label) not_label += e;
      }
      sum += std::log1p(not_largest) +
             (static_cast<double>(f(i, a)) - static_cast<double>(f(i, label)));
      if (!gradient) continue;
      const double all = 1 + not_largest;
      for (std::int64_t k = 0; k < f.cols; ++k)
        (*gradient)(i, k) =
            static_cast<T>((k == label ? -not_label : weight(f, i, k, a)) / all / n);
    }
    return sum / n;
  }
  template <class T>
  void curvature(std::int64_t samples, Matrix<const T> f, Matrix<const T>, Matrix<const T> t,
                 Matrix<T> out) const {
    const auto n = static_cast<double>(samples);
    for (std::int64_t i = 0; i < f.rows; ++i) {
      const std::int64_t a = largest(f, i);
      const auto beside = [&](std::int64_t k) {
        return static_cast<double>(t(i, k)) - static_cast<double>(t(i, a));
      };
      double all = 0, mean = 0;
      for (std::int64_t k = 0; k < f.cols; ++k) {
        const double e = weight(f, i, k, a);
        all += e;
        mean += e * beside(k);
      }
      mean /= all;
      for (std::int64_t k = 0; k < f.cols; ++k)
        out(i, k) = static_cast<T>(weight(f, i, k, a) / all * (beside(k) - mean) / n);
    }
  }

 private:
  template <class T>
  static std::int64_t largest(Matrix<const T> f, std::int64_t i) {
    std::int64_t at = 0;
    for (std::int64_t k = 1; k < f.cols; ++k)
      if (f(i, k) > f(i, at)) at = k;
    return at;
  }
  /// exp(f_k - f_a)
  template <class T>
  static double weight(Matrix<const T> f, std::int64_t i, std::int64_t k, std::int64_t a) {
    return std::exp(static_cast<double>(f(i, k)) - static_cast<double>(f(i, a)));
  }
  template <class T>
  static std::int64_t class_of(Matrix<const T> y, std::int64_t i) {
    std::int64_t ones = 0, others = 0, at = 0;
    for (std::int64_t k = 0; k < y.cols; ++k) {
      if (y(i, k) == T(1)) ++ones, at = k;
      else if (y(i, k) != T(0)) ++others;
    }
    if (y.cols < 2)
      throw Error(ONAGER_INVALID,
                  "cross_entropy wants one column of targets a class, and there is one in all; "
                  "logistic takes one column");
    if (ones != 1 || others != 0)
      throw Error(ONAGER_INVALID,
                  "cross_entropy wants targets with one column a class, 1 in that of the sample "
                  "and 0 elsewhere, and one sample has others");
    return at;
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.cross_entropy", "1.0.0", "MIT",
              onager::loss<CrossEntropy>("cross_entropy",
                                         "Cross entropy of softmax outputs with one-hot targets, "
                                         "mean over samples")
                  .cite("Bridle, Probabilistic interpretation of feedforward classification "
                        "network outputs, with relationships to statistical pattern recognition, "
                        "Neurocomputing, Springer 1990"))
