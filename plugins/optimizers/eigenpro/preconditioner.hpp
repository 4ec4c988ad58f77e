// SPDX-License-Identifier: MIT
#pragma once

#include "../../common/early_stopping.hpp"

#include <limits>

namespace onager::plugins {

/// EigenPro's preconditioner from s sampled points, for the kernel k'(x, z) = k(x, z) + ridge [x is
/// z], whose matrix is K + ridge I.
///
///   K'_ss = V diag(sigma) V',  sigma_1 >= ... >= sigma_s
///   P f = f - sum_{i <= q} (1 - sigma_{q+1} / sigma_i) <e_i, f> e_i,
///   e_i = sigma_i^(-1/2) sum_j V_ji k'(x_j, .)
///
/// so that a step along P k'(x, .) changes the coefficients of the s points by
///   V_q D V_q' k'(s, x),   D_i = (1 - sigma_{q+1} / sigma_i) / sigma_i.
///
/// What the step size needs of the preconditioned kernel k_P:
///   lambda = sigma_{q+1} / s                    its largest eigenvalue, over all samples / n
///   beta   = max_x k'(x, x) - sum_i D_i (V_i' k'(s, x))²      over the s points
///
/// s² d + about 9 s³ flops to make; 3 s² + s q numbers while it is made, s q after.
/// Source: Ma, Belkin 2019 (MLSys).
template <class T>
class EigenProPreconditioner {
 public:
  /// q = 0: as many directions as the s points determine with some certainty, s / 4.
  EigenProPreconditioner(const KernelOperator<T>& kernel, const Host& host, double ridge,
                         Indices points, std::int64_t q)
      : host_(host),
        points_(std::move(points)),
        s_(static_cast<std::int64_t>(points_.size())),
        q_(directions(s_, q)),
        memory_(host, s_ * std::max<std::int64_t>(q_, 1)),
        v_(memory_.data(), s_, q_),
        d_(static_cast<std::size_t>(q_)) {
    const Buffer<T> k_memory(host, s_ * s_), values_memory(host, s_);
    const Matrix<T> k(k_memory.data(), s_, s_), sigma(values_memory.data(), s_, 1);
    kernel.block(points_, points_, k);
    std::vector<double> diagonal(static_cast<std::size_t>(s_));
    for (std::int64_t i = 0; i < s_; ++i) {
      k(i, i) += static_cast<T>(ridge);
      diagonal[static_cast<std::size_t>(i)] = static_cast<double>(k(i, i));
    }
    require_finite(k);
    host.stop_if_cancelled();
    host.symmetric_eigen<T>(k, sigma);
    host.stop_if_cancelled();

    const double largest = static_cast<double>(sigma(s_ - 1, 0));
    const double rounding = static_cast<double>(s_) * std::numeric_limits<T>::epsilon() * largest;
    // a direction that is rounding is left as it is
    while (q_ > 0 && static_cast<double>(sigma(s_ - 1 - q_, 0)) < rounding) --q_;
    const double next = std::max(static_cast<double>(sigma(s_ - 1 - q_, 0)), rounding);
    lambda_ = next / static_cast<double>(s_);
    v_.cols = q_;
    for (std::int64_t i = 0; i < q_; ++i) {
      const std::int64_t from = s_ - 1 - i;  // eigenvalues come ascending
      const auto value = static_cast<double>(sigma(from, 0));
      d_[static_cast<std::size_t>(i)] = (1 - next / value) / value;
      for (std::int64_t j = 0; j < s_; ++j) {
        v_(j, i) = k(j, from);
        // V_i' k'(s, x_j) = sigma_i V_ji
        diagonal[static_cast<std::size_t>(j)] -=
            (value - next) * static_cast<double>(k(j, from)) * static_cast<double>(k(j, from));
      }
    }
    beta_ = std::max(*std::max_element(diagonal.begin(), diagonal.end()), lambda_);
  }

  /// Numbers that it holds.
  static double numbers(std::int64_t s, std::int64_t q) {
    return static_cast<double>(s) *
           static_cast<double>(std::max<std::int64_t>(directions(s, q), 1));
  }
  /// Numbers that are held besides while it is made.
  static double numbers_to_make(std::int64_t s) {
    return static_cast<double>(s) * static_cast<double>(s + 1) + eigensolver_numbers(s);
  }
  static double numbers_to_apply(std::int64_t s, std::int64_t q, std::int64_t c) {
    return static_cast<double>(directions(s, q) * c);
  }

  const Indices& points() const { return points_; }
  std::int64_t directions() const { return q_; }
  double lambda() const { return lambda_; }
  double beta() const { return beta_; }

  /// out (s x c) <- V_q D V_q' v
  void apply(Matrix<const T> v, Matrix<T> out) const {
    if (q_ == 0) return set_zero(out);
    const Buffer<T> memory(host_, q_ * v.cols);
    const Matrix<T> t(memory.data(), q_, v.cols);
    host_.gemm<T>(1, v_, true, v, false, 0, t);
    for (std::int64_t i = 0; i < q_; ++i)
      for (std::int64_t j = 0; j < v.cols; ++j)
        t(i, j) *= static_cast<T>(d_[static_cast<std::size_t>(i)]);
    host_.gemm<T>(1, v_, false, t, false, 0, out);
  }

 private:
  static std::int64_t directions(std::int64_t s, std::int64_t q) {
    return std::min(q > 0 ? q : s / 4, s - 1);
  }

  void require_finite(Matrix<const T> k) const {
    for (std::int64_t i = 0; i < s_; ++i)
      for (std::int64_t j = 0; j < s_; ++j)
        if (!std::isfinite(k(i, j)))
          throw Error(ONAGER_NUMERICAL,
                      "the kernel of samples " +
                          std::to_string(points_[static_cast<std::size_t>(i)]) + " and " +
                          std::to_string(points_[static_cast<std::size_t>(j)]) +
                          " is not finite; check the kernel's parameters and the scale of the "
                          "features");
  }

  Host host_;
  Indices points_;
  std::int64_t s_, q_;
  Buffer<T> memory_;
  Matrix<T> v_;
  std::vector<double> d_;
  double lambda_ = 0, beta_ = 0;
};

}  // namespace onager::plugins
