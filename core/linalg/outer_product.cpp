// SPDX-License-Identifier: MIT
#include "linalg/outer_product.hpp"

#include "linalg/blas.hpp"

#include <algorithm>

namespace onager::host {

namespace {

template <class T>
OuterProductShape shape_of(const PredictorGradient<T>& predictor, bool may_sum_first) {
  const auto blocks = static_cast<std::int64_t>(predictor.matrix().kernel().block_kernels());
  return {predictor.samples(),
          predictor.z().count(),
          predictor.x().dimension(),
          predictor.outputs(),
          static_cast<std::int64_t>(sizeof(T)),
          may_sum_first && blocks == 0,
          1 + blocks};
}

arma::span range(std::int64_t first, std::int64_t count) {
  return arma::span(static_cast<arma::uword>(first), static_cast<arma::uword>(first + count - 1));
}

/// Sums of outer products of gradients, block by block. Each output's mean over the first block is
/// subtracted before the product and the rest of its mean after all: nothing cancels.
template <class T>
class Accumulator {
 public:
  Accumulator(OuterProduct part, Centering centering, std::int64_t samples, std::int64_t outputs)
      : part_(part), centering_(centering), samples_(samples), outputs_(outputs) {}

  /// gradients: (e outputs) x rows, changed.
  void add(arma::Mat<T>& gradients, std::int64_t first_output, std::int64_t outputs, bool first) {
    e_ = static_cast<std::int64_t>(gradients.n_rows) / outputs;
    const auto e = static_cast<arma::uword>(e_);
    if (result_.is_empty()) {
      result_.zeros(e, part_ == OuterProduct::full ? e : 1);
      if (centering_ == Centering::mean) {
        shift_.zeros(static_cast<arma::uword>(e_ * outputs_));
        left_.zeros(static_cast<arma::uword>(e_ * outputs_));
      }
    }
    if (centering_ == Centering::mean) {
      const auto own = range(first_output * e_, outputs * e_);
      if (first) shift_(own) = arma::mean(gradients, 1);
      gradients.each_col() -= arma::Col<T>(shift_(own));
      left_(own) += arma::sum(gradients, 1);
    }
    const T share = T(1) / static_cast<T>(samples_);
    const auto count = static_cast<std::int64_t>(gradients.n_cols) * outputs;
    if (part_ == OuterProduct::full) {
      blas::syrk_lower<T>(e_, count, share, gradients.memptr(), e_, T(1), result_.memptr(), e_);
    } else {
      const arma::Mat<T> rows(gradients.memptr(), e, static_cast<arma::uword>(count), false, true);
      result_ += share * arma::sum(arma::square(rows), 1);
    }
  }

  arma::Mat<T> result() {
    if (centering_ == Centering::mean) {
      const arma::Mat<T> mean =
          arma::reshape(left_ / static_cast<T>(samples_), static_cast<arma::uword>(e_),
                        static_cast<arma::uword>(outputs_));
      if (part_ == OuterProduct::full) result_ -= mean * mean.t();
      else result_ -= arma::sum(arma::square(mean), 1);
    }
    // row-major lower is Armadillo's upper
    if (part_ == OuterProduct::full) result_ = arma::symmatu(result_);
    return std::move(result_);
  }

 private:
  OuterProduct part_;
  Centering centering_;
  std::int64_t samples_, outputs_, e_ = 0;
  arma::Mat<T> result_;
  arma::Col<T> shift_, left_;  // of each output: mean over the first block, sum of what is left
};

}  // namespace

template <class T>
arma::Mat<T> outer_product_by_output(const PredictorGradient<T>& predictor, OuterProduct part,
                                     Centering centering, const PullBack<T>& pull_back) {
  const auto plan = plan_outer_product(shape_of(predictor, false), OuterProductForm::by_output);
  const std::int64_t n = predictor.samples(), c = predictor.outputs();
  const bool all_outputs = plan.outputs >= c;
  Accumulator<T> sums(part, centering, n, c);
  KernelMatrix::GradientWeights<T> weights;
  arma::Mat<T> centres;
  for (std::int64_t first = 0; first < n; first += plan.rows) {
    const std::int64_t rows = std::min(plan.rows, n - first);
    predictor.matrix().gradient_weights(predictor.x(), first, rows, predictor.z(),
                                        predictor.alpha(), weights);
    for (std::int64_t l = 0; l < c; l += plan.outputs) {
      const std::int64_t outputs = std::min(plan.outputs, c - l);
      if (first == 0 || !all_outputs) centres = predictor.weighted_centres(l, outputs);
      arma::Mat<T> chunk = predictor.gradients(first, rows, weights, l, centres);
      if (pull_back) chunk = pull_back(std::move(chunk), first, outputs);
      sums.add(chunk, l, outputs, first == 0);
    }
  }
  return sums.result();
}

template <class T>
arma::Mat<T> average_gradient_outer_product(const PredictorGradient<T>& predictor,
                                            OuterProduct part, Centering centering,
                                            const PullBack<T>& pull_back) {
  const auto plan = plan_outer_product(shape_of(predictor, !pull_back));
  if (plan.form == OuterProductForm::sums_first)
    if (auto sum = outer_product_sums_first(predictor, part, centering)) return std::move(*sum);
  return outer_product_by_output(predictor, part, centering, pull_back);
}

#define ONAGER_INSTANTIATE(T)                                                                     \
  template arma::Mat<T> average_gradient_outer_product(const PredictorGradient<T>&, OuterProduct, \
                                                       Centering, const PullBack<T>&);            \
  template arma::Mat<T> outer_product_by_output(const PredictorGradient<T>&, OuterProduct,        \
                                                Centering, const PullBack<T>&);
ONAGER_INSTANTIATE(float)
ONAGER_INSTANTIATE(double)
#undef ONAGER_INSTANTIATE

}  // namespace onager::host
