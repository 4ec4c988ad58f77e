// SPDX-License-Identifier: MIT
#pragma once

#include "../../common/lower_factor.hpp"

namespace onager::plugins {

/// Preconditioner for (K + ridge I) from m sampled columns of K.
///
///   P = K_nm K_mm⁻¹ K_mn + mu I = B B' + mu I         B = K_nm L⁻ᵀ,  L L' = K_mm
///   mu P⁻¹ = I - B (B'B + mu I)⁻¹ B'                  (Woodbury)
///
/// The factor mu before P⁻¹ changes nothing for conjugate gradients. mu is the largest of ridge,
/// the mean of the diagonal of what the columns miss, tr(K - B B') / n, and 100 eps tr(B'B). The
/// second is the mean eigenvalue of the rest and keeps P definite when ridge = 0; the third keeps
/// two digits of the difference above in the directions where it is smallest.
///
/// B: n x m. Made with 2 n m (d + 2 m) flops; holds n m + m² numbers. A product is 4 n m c flops.
/// Source: Cutajar, Osborne, Cunningham, Filippone 2016 (ICML); there mu = ridge.
template <class T>
class NystromPreconditioner {
 public:
  NystromPreconditioner(const KernelOperator<T>& kernel, const Host& host, double ridge,
                        std::int64_t rank)
      : host_(host),
        n_(kernel.size()),
        m_(std::min(n_, rank)),
        b_memory_(host, n_ * m_),
        g_memory_(host, m_ * m_),
        b_(b_memory_.data(), n_, m_),
        g_(g_memory_.data(), m_, m_) {
    const Indices points = sample(host, n_, m_);
    columns(kernel, points);
    host.gemm<T>(1, b_, true, b_, false, 0, g_);
    shift(kernel, ridge);
    if (host.cholesky<T>(g_) != 0)
      throw Error(ONAGER_NUMERICAL,
                  "the preconditioner of rank " + std::to_string(m_) +
                      " is not positive definite; set rank lower, or preconditioner = \"none\"");
  }

  /// Numbers that are held at most while it is made.
  static double numbers(std::int64_t n, std::int64_t rank) {
    const auto m = static_cast<double>(std::min(n, rank));
    return static_cast<double>(n + 2 * std::min(n, rank) + std::min(n, chunk_rows)) * m + m * m / 4;
  }

  /// out <- mu P⁻¹ v
  void apply(Matrix<const T> v, Matrix<T> out) const {
    const Buffer<T> memory(host_, m_ * v.cols);
    const Matrix<T> t(memory.data(), m_, v.cols);
    host_.gemm<T>(1, b_, true, v, false, 0, t);
    host_.cholesky_solve<T>(g_, t);
    copy<T>(v, out);
    host_.gemm<T>(-1, b_, false, t, false, 1, out);
  }

 private:
  /// b_ <- K[:, points] L⁻ᵀ
  void columns(const KernelOperator<T>& kernel, const Indices& points) {
    const Buffer<T> l_memory(host_, m_ * m_), k_memory(host_, std::min(n_, chunk_rows) * m_);
    const Matrix<T> l(l_memory.data(), m_, m_);
    factor_sampled(kernel, host_, points, l);
    invert_lower(host_, l);
    for (std::int64_t first = 0; first < n_; first += chunk_rows) {
      host_.stop_if_cancelled();
      const std::int64_t count = std::min(chunk_rows, n_ - first);
      const Matrix<T> k(k_memory.data(), count, m_);
      kernel.block(range(first, count), points, k);
      host_.gemm<T>(1, k, false, l, true, 0, rows_of(b_, first, count));
      host_.progress(static_cast<double>(first + count) / static_cast<double>(n_),
                     "preconditioner");
    }
  }

  /// g_ <- B'B + mu I, from B'B
  void shift(const KernelOperator<T>& kernel, double ridge) {
    const Buffer<T> memory(host_, n_);
    const Matrix<T> diagonal(memory.data(), n_, 1);
    kernel.diagonal(diagonal);
    double all = 0, caught = 0;
    for (std::int64_t i = 0; i < n_; ++i) all += static_cast<double>(diagonal(i, 0));
    for (std::int64_t i = 0; i < m_; ++i) caught += static_cast<double>(g_(i, i));
    const double rounding = 100.0 * std::numeric_limits<T>::epsilon() * caught;
    const double mu = std::max({ridge, (all - caught) / static_cast<double>(n_), rounding});
    for (std::int64_t i = 0; i < m_; ++i) g_(i, i) += static_cast<T>(mu);
  }

  Host host_;
  std::int64_t n_, m_;
  Buffer<T> b_memory_, g_memory_;
  Matrix<T> b_, g_;
};

}  // namespace onager::plugins
