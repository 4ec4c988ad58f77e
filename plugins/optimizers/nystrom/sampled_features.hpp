// SPDX-License-Identifier: MIT
#pragma once

#include "../../common/lower_factor.hpp"

#include <memory>

namespace onager::plugins {

/// The Nyström features F = K_nm L⁻ᵀ (n x m) of m centres, L L' = K_mm, as products.
///
/// K_nm is held for as many rows as the budget allows, and computed by blocks of rows for the rest
/// at each product. m² numbers for L⁻¹, 4 m² c + 4 n m c flops a product, and 2 n m d for rows that
/// are not held.
template <class T>
class SampledFeatures {
 public:
  /// l: m x m, L⁻¹ with zeros above the diagonal.
  SampledFeatures(const KernelOperator<T>& kernel, const Host& host, Indices centers, Matrix<T> l,
                  double budget)
      : kernel_(kernel),
        host_(host),
        centers_(std::move(centers)),
        l_(l),
        n_(kernel.size()),
        m_(l.rows),
        block_(host, std::min(n_, chunk_rows) * m_) {
    const double chunk = static_cast<double>(chunk_rows) * static_cast<double>(m_);
    for (std::int64_t first = 0; first < n_; first += chunk_rows) {
      if (chunk * static_cast<double>(held_.size() + 1) > budget) break;
      host_.stop_if_cancelled();
      const std::int64_t count = std::min(chunk_rows, n_ - first);
      held_.push_back(std::make_unique<Buffer<T>>(host_, count * m_));
      fill(first, Matrix<T>(held_.back()->data(), count, m_));
      host_.progress(static_cast<double>(first + count) / static_cast<double>(n_),
                     "kernel of the centers");
    }
  }

  /// out (m x c) <- F'y for y: n x c
  void project(Matrix<const T> y, Matrix<T> out) const {
    const Buffer<T> memory(host_, m_ * y.cols);
    const Matrix<T> sum(memory.data(), m_, y.cols);
    set_zero(sum);
    each_block([&](std::int64_t first, Matrix<const T> k) {
      host_.gemm<T>(1, k, true, rows_of(y, first, k.rows), false, 1, sum);
    });
    host_.gemm<T>(1, l_, false, sum, false, 0, out);
  }

  /// out (m x c) <- (F'F + ridge I) v
  void normal_product(double ridge, Matrix<const T> v, Matrix<T> out) const {
    const std::int64_t c = v.cols;
    const Buffer<T> memory(host_, (2 * m_ + std::min(n_, chunk_rows)) * c);
    const Matrix<T> coefficients(memory.data(), m_, c), sum(coefficients.data + m_ * c, m_, c);
    coefficients_of(v, coefficients);
    set_zero(sum);
    each_block([&](std::int64_t first, Matrix<const T> k) {
      (void)first;
      const Matrix<T> values(sum.data + m_ * c, k.rows, c);
      host_.gemm<T>(1, k, false, coefficients, false, 0, values);
      host_.gemm<T>(1, k, true, values, false, 1, sum);
    });
    copy<T>(v, out);
    host_.gemm<T>(1, l_, false, sum, false, ridge, out);
  }

  /// out (m x c) <- L⁻ᵀ v: features' weights as coefficients of the centres.
  void coefficients_of(Matrix<const T> v, Matrix<T> out) const {
    host_.gemm<T>(1, l_, true, v, false, 0, out);
  }

 private:
  void fill(std::int64_t first, Matrix<T> k) const {
    kernel_.block(range(first, k.rows), centers_, k);
  }

  /// work(first row, K[first .. , centers]) over all rows
  template <class Work>
  void each_block(Work&& work) const {
    for (std::int64_t first = 0; first < n_; first += chunk_rows) {
      host_.stop_if_cancelled();
      const std::int64_t count = std::min(chunk_rows, n_ - first);
      const auto at = static_cast<std::size_t>(first / chunk_rows);
      const Matrix<T> k(at < held_.size() ? held_[at]->data() : block_.data(), count, m_);
      if (at >= held_.size()) fill(first, k);
      work(first, Matrix<const T>(k));
    }
  }

  const KernelOperator<T>& kernel_;
  Host host_;
  Indices centers_;
  Matrix<const T> l_;
  std::int64_t n_, m_;
  Buffer<T> block_;
  std::vector<std::unique_ptr<Buffer<T>>> held_;
};

}  // namespace onager::plugins
