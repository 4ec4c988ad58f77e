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

constexpr std::int64_t stripe = 64, chunk = 512;  // numbers of a task's scratch memory: 256 KiB

std::int64_t stripes(std::int64_t n) { return (n + stripe - 1) / stripe; }

/// Sums over samples and outputs of the products that an outer product of gradients is made of; the
/// derivation is in docs/mathematics.md. Weights are rows of m numbers, one a sample.
class Sums {
 public:
  Sums(ThreadPool& threads, OuterProduct part, arma::mat x, arma::mat z, arma::mat alpha)
      : threads_(threads),
        part_(part),
        x_(std::move(x)),
        z_(std::move(z)),
        alpha_(std::move(alpha)),
        m_(static_cast<std::int64_t>(z_.n_cols)),
        d_(static_cast<std::int64_t>(x_.n_rows)),
        c_(static_cast<std::int64_t>(alpha_.n_rows)),
        scratch_(static_cast<std::size_t>(threads.threads())),
        pairs_(m_ * m_),
        shift_(z_.n_cols),
        left_(z_.n_cols),
        x_weights_(x_.n_rows, z_.n_cols),
        x_towards_(x_.n_rows, alpha_.n_rows),
        x_squares_(x_.n_rows, part == OuterProduct::full ? x_.n_rows : 1) {}

  /// a: weights of samples first .. first + rows - 1, changed; t: c x rows.
  void add(std::int64_t first, std::int64_t rows, double* a, const arma::mat& t) {
    threads_.run(stripes(m_), [&](std::int64_t task, int worker) {
      const std::int64_t j = task * stripe;
      add_stripe(first, rows, j, std::min(stripe, m_ - j), a, t, scratch(worker));
    });
    blas::syrk_lower<double>(m_, rows, 1, a, m_, first == 0 ? 0 : 1, pairs_.data(), m_);
    const arma::mat x =
        x_.cols(static_cast<arma::uword>(first), static_cast<arma::uword>(first + rows - 1));
    x_towards_ += x * t.t();
    const arma::rowvec squares = arma::sum(arma::square(t), 0);
    if (part_ == OuterProduct::full) x_squares_ += (x.each_row() % squares) * x.t();
    else x_squares_ += arma::square(x) * squares.t();
    magnitude_ += arma::dot(squares, arma::sum(arma::square(x), 0));
  }

  /// n G, and the sum of the terms' absolute values, which bounds rounding. Once.
  arma::mat result(Centering centering, double& magnitude) {
    const auto n = static_cast<double>(x_.n_cols);
    weigh_pairs(n);
    magnitude = magnitude_;
    // the columns' means that were left: alpha_lj left_j z_j, summed over j
    const arma::mat z_left = (alpha_.each_row() % left_.t()) * z_.t();
    arma::mat z_pairs(z_.n_rows, z_.n_cols, arma::fill::none);
    blas::symm_lower<double>(m_, d_, pairs_.data(), m_, z_.memptr(), d_, z_pairs.memptr(), d_);
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
  double* scratch(int worker) {
    auto& own = scratch_[static_cast<std::size_t>(worker)];
    own.resize(stripe * chunk);
    return own.data();
  }

  /// Centres the weights of centres j .. and adds what they alone make.
  void add_stripe(std::int64_t first, std::int64_t rows, std::int64_t j, std::int64_t columns,
                  double* a, const arma::mat& t, double* products) {
    double *shift = shift_.memptr() + j, *left = left_.memptr() + j;
    if (first == 0) {
      for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t k = 0; k < columns; ++k) shift[k] += a[i * m_ + j + k];
      for (std::int64_t k = 0; k < columns; ++k) shift[k] /= static_cast<double>(rows);
    }
    for (std::int64_t i0 = 0; i0 < rows; i0 += chunk) {
      const std::int64_t count = std::min(chunk, rows - i0);
      blas::gemm<double>(false, true, count, columns, c_, 1, t.memptr() + i0 * c_, c_,
                         alpha_.memptr() + j * c_, c_, 0, products, columns);
      for (std::int64_t i = 0; i < count; ++i) {
        double *weights = a + (i0 + i) * m_ + j, *product = products + i * columns;
        for (std::int64_t k = 0; k < columns; ++k) {
          weights[k] -= shift[k];
          left[k] += weights[k];
          product[k] *= weights[k];
        }
      }
      blas::gemm<double>(true, false, columns, d_, count, 1, products, columns,
                         x_.memptr() + (first + i0) * d_, d_, 1, x_weights_.memptr() + j * d_, d_);
    }
  }

  /// pairs_ <- sum over outputs: (A'A, exactly centred) o alpha'alpha, lower part.
  void weigh_pairs(double n) {
    const arma::rowvec norms = arma::sqrt(arma::sum(arma::square(z_), 0));
    std::vector<double> magnitudes(static_cast<std::size_t>(m_));
    threads_.run(stripes(m_), [&](std::int64_t task, int worker) {
      const std::int64_t first = task * stripe, last = std::min(first + stripe, m_);
      double* products = scratch(worker);
      for (std::int64_t j0 = 0; j0 < last; j0 += chunk) {
        const std::int64_t columns = std::min(chunk, last - j0);
        blas::gemm<double>(false, true, last - first, columns, c_, 1, alpha_.memptr() + first * c_,
                           c_, alpha_.memptr() + j0 * c_, c_, 0, products, columns);
        for (std::int64_t i = first; i < last; ++i) {
          double* row = pairs_.data() + i * m_;
          const double* times = products + (i - first) * columns;
          const double mine = left_.memptr()[i] / n;
          double sum = 0;
          for (std::int64_t j = j0; j < std::min(j0 + columns, i + 1); ++j) {
            row[j] = (row[j] - mine * left_.memptr()[j]) * times[j - j0];
            sum += (j < i ? 2.0 : 1.0) * std::abs(row[j]) * norms.memptr()[j];
          }
          magnitudes[static_cast<std::size_t>(i)] += sum * norms.memptr()[i];
        }
      }
    });
    for (const double share : magnitudes) magnitude_ += share;
  }

  ThreadPool& threads_;
  OuterProduct part_;
  arma::mat x_, z_, alpha_;
  std::int64_t m_, d_, c_;
  std::vector<std::vector<double>> scratch_;  // of each worker
  Numbers<double> pairs_;                     // m x m, lower part: sum_i a_ij a_ik
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

/// The numbers themselves where they are float64, else converted in `room`.
double* in_doubles(ThreadPool&, Numbers<double>& numbers, std::int64_t, Numbers<double>&) {
  return numbers.data();
}
double* in_doubles(ThreadPool& threads, const Numbers<float>& numbers, std::int64_t count,
                   Numbers<double>& room) {
  constexpr std::int64_t at_once = 1 << 16;
  threads.run((count + at_once - 1) / at_once, [&](std::int64_t task, int) {
    const std::int64_t begin = task * at_once, end = std::min(begin + at_once, count);
    std::copy(numbers.data() + begin, numbers.data() + end, room.data() + begin);
  });
  return room.data();
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
  Sums sums(matrix.threads(), part, wide(predictor.x().columns), wide(predictor.z().columns),
            wide(predictor.alpha()));
  Numbers<double> converted(sizeof(T) == sizeof(double) ? 0 : plan.rows * m);
  KernelMatrix::GradientWeights<T> weights;
  for (std::int64_t first = 0; first < n; first += plan.rows) {
    const std::int64_t rows = std::min(plan.rows, n - first);
    matrix.gradient_weights(predictor.x(), first, rows, predictor.z(), predictor.alpha(), weights);
    sums.add(first, rows, in_doubles(matrix.threads(), weights.towards_z, rows * m, converted),
             wide(weights.towards_x));
  }
  double magnitude = 0;
  arma::mat sum = sums.result(centering, magnitude);
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
