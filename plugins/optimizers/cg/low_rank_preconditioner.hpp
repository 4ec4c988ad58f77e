// SPDX-License-Identifier: MIT
#pragma once

#include "../../common/lower_factor.hpp"
#include "partial_cholesky.hpp"

namespace onager::plugins {

/// How the columns of K that a preconditioner is made of are chosen.
enum class Columns { sampled, pivoted };

/// Preconditioner for (K + ridge I) from m columns of K.
///
///   P = B B' + mu I                            B B' = K_nm K_mm⁻¹ K_mn
///   mu P⁻¹ = I - B (B'B + mu I)⁻¹ B'           (Woodbury)
///
///   sampled:  B = K_nm L⁻ᵀ,  L L' = K_mm       columns drawn uniformly
///   pivoted:  B = partial Cholesky factor      columns where the rest of the diagonal is largest
///
/// The factor mu before P⁻¹ changes nothing for conjugate gradients. mu is the largest of ridge,
/// the mean of the diagonal of what the columns miss, tr(K - B B') / n, and 100 eps tr(B'B). The
/// second is the mean eigenvalue of the rest and keeps P definite when ridge = 0; the third keeps
/// two digits of the difference above in the directions where it is smallest.
///
/// K - B B' is positive semidefinite and mu at least ridge, so no eigenvalue of mu P⁻¹ (K + ridge
/// I) is below ridge.
///
/// B: n x m. Sampled: 2 n m (d + 2 m) flops; pivoted: 2 n m d + n m² flops and m passes over B.
/// Holds n m + m² numbers. A product is 4 n m c flops.
///
/// Source: Cutajar, Osborne, Cunningham, Filippone 2016 (ICML) for sampled columns, there with
/// mu = ridge; Gardner, Pleiss, Bindel, Weinberger, Wilson 2018 (NeurIPS) for pivoted ones.
template <class T>
class LowRankPreconditioner {
 public:
  LowRankPreconditioner(const KernelOperator<T>& kernel, const Host& host, const Split& split,
                        double ridge, std::int64_t rank, Columns columns)
      : host_(host),
        n_(split.training),
        m_(std::min(n_, rank)),
        b_memory_(host, n_ * m_),
        g_memory_(host, m_ * m_),
        b_(b_memory_.data(), n_, m_) {
    if (columns == Columns::sampled) sampled_columns(kernel, split);
    else b_.cols = m_ = partial_cholesky<T>(kernel, host, split, b_);
    g_ = Matrix<T>(g_memory_.data(), m_, m_);
    host.gemm<T>(1, b_, true, b_, false, 0, g_);
    shift(kernel, split, ridge);
    if (host.cholesky<T>(g_) != 0)
      throw Error(ONAGER_NUMERICAL,
                  "the preconditioner of rank " + std::to_string(m_) +
                      " is not positive definite; set rank lower, or preconditioner = \"none\"");
  }

  std::int64_t rank() const { return m_; }

  /// Numbers that it holds.
  static double numbers(std::int64_t training, std::int64_t rank) {
    const auto m = std::min(training, rank);
    return static_cast<double>(training + m) * static_cast<double>(m);
  }
  /// Numbers that are held besides while it is made. samples: training and held out.
  static double numbers_to_make(std::int64_t samples, std::int64_t training, std::int64_t rank,
                                Columns columns) {
    const std::int64_t m = std::min(training, rank), half = (m + 1) / 2;
    if (columns == Columns::pivoted)
      return std::max(partial_cholesky_numbers(samples, training, m), static_cast<double>(samples));
    const auto block = std::max(half * half, std::min(training, chunk_rows) * m);
    return std::max(static_cast<double>(m) * static_cast<double>(m) + static_cast<double>(block),
                    static_cast<double>(samples));
  }
  static double numbers_to_apply(std::int64_t training, std::int64_t rank, std::int64_t outputs) {
    return static_cast<double>(std::min(training, rank) * outputs);
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
  /// b_ <- K[training, points] L⁻ᵀ
  void sampled_columns(const KernelOperator<T>& kernel, const Split& split) {
    Indices points = sample(host_, n_, m_);
    for (auto& point : points) point = split.order[static_cast<std::size_t>(point)];
    const Buffer<T> l_memory(host_, m_ * m_);
    const Matrix<T> l(l_memory.data(), m_, m_);
    factor_sampled(kernel, host_, points, l);
    invert_lower(host_, l);
    const Buffer<T> k_memory(host_, std::min(n_, chunk_rows) * m_);
    for (std::int64_t first = 0; first < n_; first += chunk_rows) {
      host_.stop_if_cancelled();
      const std::int64_t count = std::min(chunk_rows, n_ - first);
      const Matrix<T> k(k_memory.data(), count, m_);
      kernel.block(part(split.order, first, count), points, k);
      host_.gemm<T>(1, k, false, l, true, 0, rows_of(b_, first, count));
      host_.progress(static_cast<double>(first + count) / static_cast<double>(n_),
                     "preconditioner");
    }
  }

  /// g_ <- B'B + mu I, from B'B
  void shift(const KernelOperator<T>& kernel, const Split& split, double ridge) {
    const Buffer<T> memory(host_, kernel.size());
    const Matrix<T> diagonal(memory.data(), kernel.size(), 1);
    kernel.diagonal(diagonal);
    double all = 0, caught = 0;
    for (std::int64_t i = 0; i < n_; ++i)
      all += static_cast<double>(diagonal(split.order[static_cast<std::size_t>(i)], 0));
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
