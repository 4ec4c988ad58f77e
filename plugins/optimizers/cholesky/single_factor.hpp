// SPDX-License-Identifier: MIT
//
// The float32 factor of a float64 kernel system, and refinement with it.
#pragma once

#include "../../common/conjugate_gradients.hpp"
#include "condition.hpp"

#include <limits>

namespace onager::plugins {

/// L with L L' = (K + (ridge + shift) I) / scale in float32: n² numbers of 4 bytes.
///
/// K is never held in more than that: it comes in blocks of rows. The scale is a power of two that
/// brings the diagonal to at most 1, so that float32 does not overflow. The shift, 0 where the
/// factorisation passes without, is from n eps times the mean of the diagonal, tenfold up to a
/// thousandth of it; refinement takes its effect out again.
class SingleFactor {
 public:
  SingleFactor(const KernelOperator<double>& kernel, const Host& host, double ridge)
      : kernel_(kernel),
        host_(host),
        ridge_(ridge),
        n_(kernel.size()),
        memory_(host, n_ * padded(n_)) {}

  /// False where even the largest shift does not make the matrix positive definite.
  bool factor() {
    const double mean = measure_diagonal();
    const double most = 1e-3 * mean;
    for (;;) {
      host_.stop_if_cancelled();
      fill();
      if (shift_ == 0) norm_ = scale_ * one_norm<float>(host_, matrix());
      if (!std::isfinite(norm_)) require_finite<float>(matrix());
      if (host_.cholesky<float>(matrix()) == 0) return true;
      if (!(shift_ < most)) return false;
      const double least = static_cast<double>(n_) * std::numeric_limits<float>::epsilon() * mean;
      shift_ = std::min(shift_ == 0 ? least : 10 * shift_, most);
    }
  }

  double shift() const { return shift_; }
  /// |K + ridge I|_1
  double norm() const { return norm_; }
  /// About |(K + ridge I)⁻¹|_2, no less than it for a K without negative eigenvalues where the
  /// matrix was shifted.
  double norm_of_inverse() const {
    if (shift_ == 0) return inverse_norm<float>(host_, matrix()) / scale_;
    return ridge_ > 0 ? 1 / ridge_ : std::numeric_limits<double>::infinity();
  }

  /// out <- scale⁻¹ (L L')⁻¹ v, each column scaled to norm 1 for float32 and back. work: n x c.
  void solve(Matrix<const double> v, Matrix<float> work, Matrix<double> out) const {
    const auto v2 = column_dots(v, v);
    std::vector<double> size(v2.size());
    for (std::size_t j = 0; j < size.size(); ++j) size[j] = v2[j] > 0 ? std::sqrt(v2[j]) : 1;
    for (std::int64_t i = 0; i < v.rows; ++i)
      for (std::int64_t j = 0; j < v.cols; ++j)
        work(i, j) = static_cast<float>(v(i, j) / size[static_cast<std::size_t>(j)]);
    host_.cholesky_solve<float>(matrix(), work);
    for (std::int64_t i = 0; i < v.rows; ++i)
      for (std::int64_t j = 0; j < v.cols; ++j)
        out(i, j) = static_cast<double>(work(i, j)) * size[static_cast<std::size_t>(j)] / scale_;
  }

  /// Rows of K in float64 that are held at once while it is filled.
  static std::int64_t block_rows(std::int64_t n) {
    return std::min(n, std::clamp<std::int64_t>(n / 64, 128, chunk_rows));
  }

 private:
  Matrix<float> matrix() const { return dense(memory_, n_); }

  /// Sets the scale and returns the mean of the diagonal of K.
  double measure_diagonal() {
    const Buffer<double> memory(host_, n_);
    const Matrix<double> diagonal(memory.data(), n_, 1);
    kernel_.diagonal(diagonal);
    double sum = 0, largest = 0;
    for (std::int64_t i = 0; i < n_; ++i) {
      const double value = diagonal(i, 0);
      if (!std::isfinite(value)) refuse_pair(i, i);
      sum += value;
      largest = std::max(largest, value);
    }
    if (largest + ridge_ > 0) scale_ = std::exp2(std::ceil(std::log2(largest + ridge_)));
    return sum / static_cast<double>(n_);
  }

  void fill() {
    const Matrix<float> k = matrix();
    const double added = ridge_ + shift_;
    const std::int64_t rows = block_rows(n_);
    const Buffer<double> memory(host_, rows * n_);
    for (std::int64_t first = 0; first < n_; first += rows) {
      host_.stop_if_cancelled();
      const std::int64_t count = std::min(rows, n_ - first);
      const Matrix<double> block(memory.data(), count, first + count);
      kernel_.block(range(first, count), range(0, first + count), block);
      host_.parallel(count, [&](std::int64_t i, std::int32_t) {
        block(i, first + i) += added;
        for (std::int64_t j = 0; j <= first + i; ++j)
          k(first + i, j) = static_cast<float>(block(i, j) / scale_);
      });
    }
  }

  const KernelOperator<double>& kernel_;
  Host host_;
  double ridge_;
  std::int64_t n_;
  Buffer<float> memory_;
  double scale_ = 1, shift_ = 0, norm_ = 0;
};

struct Refinement {
  std::int64_t iterations;
  double residual;   // max_j |y_j - (K + ridge I) alpha_j| / |y_j|
  bool at_rounding;  // the residual is what rounding in the run's precision leaves
};

/// A float64 solution from the float32 factor: alpha <- (K + ridge I)⁻¹ y by conjugate gradients
/// that the factor preconditions, until
///
///   |y_j - (K + ridge I) alpha_j| <= 4 eps |K + ridge I|_1 |alpha_j|
///
/// with the eps of float64, the size of the residual that a float64 factor leaves. An iteration
/// gains a factor of about eps32 cond(K + ridge I) where that is below 1, and costs a product with
/// K in float64, 2 n² (d + c) flops, and 2 n² c in float32. It is iterative refinement with the
/// steps chosen by conjugate gradients, which converge also where fixed steps would not.
/// 4 n c numbers, and n c of float32.
/// Sources: Higham, Accuracy and stability of numerical algorithms, chapter 12, 2002; Carson,
/// Higham, SIAM J. Sci. Comput. 40, 2018.
inline Refinement refine(const KernelOperator<double>& kernel, const Host& host, double ridge,
                         const SingleFactor& factor, std::int64_t most_iterations,
                         Matrix<const double> targets, Matrix<double> solution) {
  const std::int64_t n = targets.rows, c = targets.cols;
  const Buffer<float> memory(host, n * c);
  const auto precondition = [&](Matrix<const double> v, Matrix<double> out) {
    factor.solve(v, Matrix<float>(memory.data(), n, c), out);
  };

  // the size of the solution, which says what residual rounding allows
  precondition(targets, solution);
  const auto x2 = column_dots<double>(solution, solution), y2 = column_dots(targets, targets);
  double ratio = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < y2.size(); ++j)
    if (y2[j] > 0) ratio = std::min(ratio, factor.norm() * std::sqrt(x2[j] / y2[j]));
  constexpr double eps = std::numeric_limits<double>::epsilon();
  const double tolerance = std::clamp(4 * eps * ratio, 4 * eps, 0.1);

  const IterationLimits limits{tolerance, most_iterations, std::numeric_limits<double>::infinity()};
  PreconditionedSystem<double> system;
  system.apply = [&](Matrix<const double> v, Matrix<double> out, Matrix<double>) {
    kernel.product(v, out);
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j < c; ++j) out(i, j) += ridge * v(i, j);
  };
  system.precondition = precondition;
  EarlyStopping<double> all_train(host, Split{}, targets, 0, 0);
  IterationOutcome outcome;
  try {
    outcome = ConjugateGradients<double>(host, system, targets, solution, limits, all_train).run();
  } catch (const Error& error) {
    // divergence, where the matrix is singular to float64 too
    if (error.status() != ONAGER_NUMERICAL) throw;
    return {0, std::numeric_limits<double>::infinity(), false};
  }
  // sums of n terms round by about sqrt(n) eps
  const double slack = std::max(1.0, std::sqrt(static_cast<double>(n)) / 4);
  return {outcome.iterations, outcome.residual, outcome.residual <= slack * tolerance};
}

}  // namespace onager::plugins
