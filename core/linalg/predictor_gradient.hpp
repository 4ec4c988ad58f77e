// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/kernel_matrix.hpp"

#include <armadillo>
#include <cstdint>

namespace onager::host {

/// Gradients of the kernel predictor f_l(x) = sum_j alpha_lj k(x, z_j) at the samples x, without a
/// loop over pairs. With the weights A (towards z) and t (towards x, times alpha) of all pairs,
///
///   grad f_l(x_i) = t_li x_i + sum_j A_ij alpha_lj z_j,
///
/// so the gradients of several outputs at many samples are one gemm, A times [diag(alpha_l) Z]_l.
/// Samples come in blocks, so that what is held does not grow with their number.
///
/// n samples x, m centres z, d features, c outputs: 2 n m (d + c) flops for the weights and
/// 2 n m d c for the gradients.
/// Source: Radhakrishnan, Beaglehole, Pandit, Belkin, Science 383 (2024), for the AGOP; the matrix
/// form is derived in docs/mathematics.md.
template <class T>
class PredictorGradient {
 public:
  /// alpha: c x m. The samples stay with the caller.
  PredictorGradient(const KernelMatrix& matrix, const KernelSamples<T>& x,
                    const KernelSamples<T>& z, const arma::Mat<T>& alpha)
      : matrix_(matrix), x_(x), z_(z), alpha_(alpha) {}

  std::int64_t outputs() const { return static_cast<std::int64_t>(alpha_.n_rows); }
  std::int64_t samples() const { return x_.count(); }
  const KernelMatrix& matrix() const { return matrix_; }
  const KernelSamples<T>& x() const { return x_; }
  const KernelSamples<T>& z() const { return z_; }
  const arma::Mat<T>& alpha() const { return alpha_; }

  /// Centres times the coefficients of some outputs: (d outputs) x m.
  arma::Mat<T> weighted_centres(std::int64_t first_output, std::int64_t outputs) const;

  /// Gradients at a block of samples, from its weights: column i holds those of sample first + i,
  /// output after output, (d outputs) x rows.
  arma::Mat<T> gradients(std::int64_t first, std::int64_t rows,
                         const KernelMatrix::GradientWeights<T>& weights, std::int64_t first_output,
                         const arma::Mat<T>& weighted_centres) const;

  /// Gradients of some outputs at all samples: (d outputs) x n, by blocks of samples.
  arma::Mat<T> gradients(std::int64_t first_output, std::int64_t outputs) const;

 private:
  void add_block_kernels(std::int64_t first, const KernelMatrix::GradientWeights<T>& weights,
                         std::int64_t first_output, std::int64_t outputs, arma::Mat<T>& out) const;

  const KernelMatrix& matrix_;
  const KernelSamples<T>& x_;
  const KernelSamples<T>& z_;
  const arma::Mat<T>& alpha_;
};

}  // namespace onager::host
