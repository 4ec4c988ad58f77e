// SPDX-License-Identifier: MIT
#include "../../common/in_short.hpp"

#include <onager/loss.hpp>

#include <cmath>

namespace {

using onager::Error;
using onager::Matrix;

/// Negative log-likelihood of labels with P(y = 1) = 1/(1 + exp(-f)), each output a label by
/// itself.
///
///   L = 1/(n c) sum_i sum_l log(1 + exp(-s_il f_il)),    s = 1 where y = 1, else -1
///   dl/df = -s / (1 + exp(s f)) / (n c)
///   d²l/df² = e / (1 + e)² / (n c),    e = exp(-|f|)
///
/// Targets are -1 and 1, or 0 and 1; anything else, or both 0 and -1, is refused. The forms do not
/// overflow and keep their relative accuracy for large |f|.
///
/// Source: Berkson 1944; Cox 1958.
struct Logistic {
  template <class T>
  double evaluate(std::int64_t samples, Matrix<const T> f, Matrix<const T> y,
                  Matrix<T>* gradient) const {
    const double k = constant(samples, f.cols);
    bool zero = false, minus = false;
    double sum = 0;
    for (std::int64_t i = 0; i < f.rows; ++i)
      for (std::int64_t l = 0; l < f.cols; ++l) {
        const T label = y(i, l);
        zero = zero || label == T(0);
        minus = minus || label == T(-1);
        if (label != T(1) && label != T(0) && label != T(-1))
          throw Error(ONAGER_INVALID,
                      "logistic wants targets of -1 and 1, or of 0 and 1, and one is " +
                          onager::plugins::in_short(static_cast<double>(label)));
        const double s = label == T(1) ? 1 : -1;
        const double margin = s * static_cast<double>(f(i, l));
        // log(1 + exp(-margin))
        sum += std::log1p(std::exp(-std::abs(margin))) + (margin < 0 ? -margin : 0);
        if (gradient) (*gradient)(i, l) = static_cast<T>(-s * k / (1 + std::exp(margin)));
      }
    if (zero && minus)
      throw Error(ONAGER_INVALID,
                  "logistic wants targets of -1 and 1, or of 0 and 1, and there are both 0 and -1");
    return k * sum;
  }
  template <class T>
  void curvature(std::int64_t samples, Matrix<const T> f, Matrix<const T>, Matrix<const T> t,
                 Matrix<T> out) const {
    const double k = constant(samples, f.cols);
    for (std::int64_t i = 0; i < f.rows; ++i)
      for (std::int64_t l = 0; l < f.cols; ++l) {
        const double e = std::exp(-std::abs(static_cast<double>(f(i, l))));
        out(i, l) = static_cast<T>(k * e / ((1 + e) * (1 + e)) * static_cast<double>(t(i, l)));
      }
  }

 private:
  static double constant(std::int64_t samples, std::int64_t outputs) {
    return 1 / (static_cast<double>(samples) * static_cast<double>(outputs));
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.logistic", "1.0.0", "MIT",
              onager::loss<Logistic>("logistic",
                                     "Logistic loss of labels -1 and 1, or 0 and 1; mean over "
                                     "samples and outputs, each a label by itself")
                  .cite("Cox, The regression analysis of binary sequences, J. R. Stat. Soc. B 20, "
                        "1958"))
