// SPDX-License-Identifier: MIT
#include "linalg/outer_product.hpp"

#include "linalg/blas.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::host {

namespace {

/// Relative to the trace, what rounding may leave.
template <class T>
constexpr double most_error() {
  return sizeof(T) == sizeof(float) ? 1e-6 : 1e-11;
}

/// Sums over samples and outputs of the products that an outer product of gradients is made of; the
/// derivation is in docs/mathematics.md. A row of n x m weights is a column here, as for samples.
class Sums {
 public:
  Sums(OuterProduct part, arma::mat x, arma::mat z, arma::mat alpha)
      : part_(part),
        x_(std::move(x)),
        z_(std::move(z)),
        alpha_(std::move(alpha)),
        pairs_(z_.n_cols, z_.n_cols),
        left_(z_.n_cols),
        x_weights_(x_.n_rows, z_.n_cols),
        x_towards_(x_.n_rows, alpha_.n_rows),
        x_squares_(x_.n_rows, part == OuterProduct::full ? x_.n_rows : 1) {}

  /// a: m x rows, weights of samples first .., changed; t: c x rows.
  void add(ThreadPool& threads, std::int64_t first, arma::mat& a, const arma::mat& t) {
    if (first == 0) shift_ = arma::mean(a, 1);
    arma::mat share = alpha_.t() * t;
    const auto m = static_cast<std::int64_t>(a.n_rows), rows = static_cast<std::int64_t>(a.n_cols);
    threads.run(rows, [&](std::int64_t i, int) {
      double* weights = a.memptr() + i * m;
      double* products = share.memptr() + i * m;
      for (std::int64_t j = 0; j < m; ++j) {
        weights[j] -= shift_.memptr()[j];
        products[j] *= weights[j];
      }
    });
    blas::syrk_lower<double>(m, rows, 1, a.memptr(), m, 1, pairs_.memptr(), m);
    left_ += arma::sum(a, 1);
    const arma::mat x =
        x_.cols(static_cast<arma::uword>(first), static_cast<arma::uword>(first + rows - 1));
    x_weights_ += x * share.t();
    x_towards_ += x * t.t();
    const arma::rowvec squares = arma::sum(arma::square(t), 0);
    if (part_ == OuterProduct::full) x_squares_ += (x.each_row() % squares) * x.t();
    else x_squares_ += arma::square(x) * squares.t();
    magnitude_ += arma::dot(squares, arma::sum(arma::square(x), 0));
  }

  /// n G, and the sum of the terms' absolute values, which bounds rounding. Once.
  arma::mat result(ThreadPool& threads, Centering centering, double& magnitude) {
    const auto n = static_cast<double>(x_.n_cols);
    weigh_pairs(threads, n);
    magnitude = magnitude_;
    // the columns' means that were left: alpha_lj left_j z_j, summed over j
    const arma::mat z_left = (alpha_.each_row() % left_.t()) * z_.t();
    const arma::mat z_pairs = z_ * pairs_;
    arma::mat sum;
    if (part_ == OuterProduct::full) {
      const arma::mat mixed = x_weights_ * z_.t() - x_towards_ * z_left / n;
      sum = z_pairs * z_.t() + mixed + mixed.t() + x_squares_ - x_towards_ * x_towards_.t() / n;
    } else {
      const arma::vec mixed =
          arma::sum(x_weights_ % z_, 1) - arma::sum(x_towards_ % z_left.t(), 1) / n;
      sum = arma::sum(z_pairs % z_, 1) + 2 * mixed + x_squares_ -
            arma::sum(arma::square(x_towards_), 1) / n;
    }
    if (centering == Centering::mean) return sum;
    const arma::vec all = left_ + n * shift_;
    const arma::mat mean =
        (x_towards_ + arma::mat((alpha_.each_row() % all.t()) * z_.t()).t()) / n;  // d x c
    if (part_ == OuterProduct::full) return sum + n * (mean * mean.t());
    return sum + n * arma::sum(arma::square(mean), 1);
  }

 private:
  /// pairs_ <- sum over outputs: (A'A, exactly centred) o alpha'alpha, both triangles.
  void weigh_pairs(ThreadPool& threads, double n) {
    const auto m = static_cast<std::int64_t>(z_.n_cols),
               c = static_cast<std::int64_t>(alpha_.n_rows);
    const arma::mat by_output = alpha_.t();  // c x m in rows
    arma::mat products(z_.n_cols, z_.n_cols, arma::fill::none);
    blas::syrk_lower<double>(m, c, 1, by_output.memptr(), m, 0, products.memptr(), m);
    const arma::rowvec norms = arma::sqrt(arma::sum(arma::square(z_), 0));
    std::vector<double> magnitudes(static_cast<std::size_t>(m));
    threads.run(m, [&](std::int64_t i, int) {
      double* row = pairs_.memptr() + i * m;
      const double* times = products.memptr() + i * m;
      const double mine = left_.memptr()[i] / n;
      double sum = 0;
      for (std::int64_t j = 0; j <= i; ++j) {
        row[j] = (row[j] - mine * left_.memptr()[j]) * times[j];
        sum += (j < i ? 2.0 : 1.0) * std::abs(row[j]) * norms.memptr()[j];
      }
      magnitudes[static_cast<std::size_t>(i)] = sum * norms.memptr()[i];
    });
    for (const double share : magnitudes) magnitude_ += share;
    products.reset();
    pairs_ = arma::symmatu(pairs_);  // row-major lower is Armadillo's upper
  }

  OuterProduct part_;
  arma::mat x_, z_, alpha_;
  arma::mat pairs_;      // m x m, lower row-major: sum_i a_ij a_ik
  arma::vec shift_;      // of the weights' columns: their mean over the first block
  arma::vec left_;       // sums of the columns after it was subtracted
  arma::mat x_weights_;  // d x m: X'(A o t'alpha)
  arma::mat x_towards_;  // d x c: X't'
  arma::mat x_squares_;  // d x d or its diagonal: X'diag(sum_l t_l²) X
  double magnitude_ = 0;
};

template <class T>
arma::mat wide(const arma::Mat<T>& m) {
  return arma::conv_to<arma::mat>::from(m);
}

}  // namespace

template <class T>
std::optional<arma::Mat<T>> outer_product_sums_first(const PredictorGradient<T>& predictor,
                                                     OuterProduct part, Centering centering) {
  const KernelMatrix& matrix = predictor.matrix();
  const std::int64_t n = predictor.samples(), m = predictor.z().count();
  const auto plan = plan_outer_product(
      {n, m, predictor.x().dimension(), predictor.outputs(), static_cast<std::int64_t>(sizeof(T))},
      OuterProductForm::sums_first);
  Sums sums(part, wide(predictor.x().columns), wide(predictor.z().columns),
            wide(predictor.alpha()));
  KernelMatrix::GradientWeights<T> weights;
  for (std::int64_t first = 0; first < n; first += plan.rows) {
    const std::int64_t rows = std::min(plan.rows, n - first);
    matrix.gradient_weights(predictor.x(), first, rows, predictor.z(), predictor.alpha(), weights);
    const arma::Mat<T> narrow(weights.towards_z.data(), static_cast<arma::uword>(m),
                              static_cast<arma::uword>(rows), false, true);
    arma::mat a = wide(narrow);
    sums.add(matrix.threads(), first, a, wide(weights.towards_x));
  }
  double magnitude = 0;
  arma::mat sum = sums.result(matrix.threads(), centering, magnitude);
  if (part == OuterProduct::full) sum = arma::symmatu(sum);
  const double trace = part == OuterProduct::full ? arma::trace(sum) : arma::accu(sum);
  // false for NaN
  if (!(std::numeric_limits<double>::epsilon() * magnitude <= most_error<T>() * trace))
    return std::nullopt;
  return arma::conv_to<arma::Mat<T>>::from(sum / static_cast<double>(n));
}

template std::optional<arma::Mat<float>> outer_product_sums_first(const PredictorGradient<float>&,
                                                                  OuterProduct, Centering);
template std::optional<arma::Mat<double>> outer_product_sums_first(const PredictorGradient<double>&,
                                                                   OuterProduct, Centering);

}  // namespace onager::host
