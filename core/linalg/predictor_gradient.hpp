// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/kernel_matrix.hpp"

#include <armadillo>
#include <cstdint>
#include <functional>

namespace onager::host {

/// Gradients of the kernel predictor f_l(x) = sum_j alpha_lj k(x, z_j) at the samples x, without a
/// loop over pairs. With the weights A (towards z) and t (towards x, times alpha) of all pairs,
///
///   grad f_l(x_i) = t_li x_i + sum_j A_ij alpha_lj z_j,
///
/// so the gradients of several outputs at all samples are one gemm, A times [diag(alpha_l) Z]_l.
///
/// n samples x, m centres z, d features, c outputs: 2 n m (d + c) flops for the weights and
/// 2 n m d c for the gradients; n m numbers of memory.
/// Source: Radhakrishnan, Beaglehole, Pandit, Belkin, Science 383 (2024), for the AGOP; the matrix
/// form is derived in docs/mathematics.md.
template <class T>
class PredictorGradient {
 public:
  /// alpha: c x m. The samples stay with the caller.
  PredictorGradient(const KernelMatrix& matrix, const KernelSamples<T>& x,
                    const KernelSamples<T>& z, const arma::Mat<T>& alpha);

  std::int64_t outputs() const { return static_cast<std::int64_t>(alpha_.n_rows); }
  std::int64_t samples() const { return x_.count(); }

  /// Gradients of outputs first .. first + count - 1: column i holds those of sample i one after
  /// the other, (d count) x n.
  arma::Mat<T> gradients(std::int64_t first, std::int64_t count) const;

  /// Outputs to take at once so that their gradients stay within a few hundred megabytes.
  std::int64_t outputs_at_once() const;

 private:
  void add_block_kernels(std::int64_t first, std::int64_t count, arma::Mat<T>& out) const;

  const KernelMatrix& matrix_;
  const KernelSamples<T>& x_;
  const KernelSamples<T>& z_;
  const arma::Mat<T>& alpha_;
  KernelMatrix::GradientWeights<T> weights_;
};

enum class OuterProduct { full, diagonal };
enum class Centering { none, mean };

/// Average gradient outer product over the samples,
///
///   G = (1/n) sum_i sum_l grad f_l(x_i) grad f_l(x_i)'      (e x e, or e x 1 for its diagonal)
///
/// with Centering::mean each output's mean gradient subtracted first. `pull_back` carries a chunk
/// of gradients ((d count) x n, output after output in each column) to other coordinates, (e count)
/// x n; empty: none. One syrk of n c rows, 2 n c e² / 2 flops, beyond the gradients.
template <class T>
arma::Mat<T> average_gradient_outer_product(
    const PredictorGradient<T>& predictor, OuterProduct form, Centering centering,
    const std::function<arma::Mat<T>(arma::Mat<T>, std::int64_t count)>& pull_back);

}  // namespace onager::host
