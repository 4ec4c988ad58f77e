// SPDX-License-Identifier: MIT
#pragma once

#include "../../common/early_stopping.hpp"
#include "../../common/lower_factor.hpp"

#include <optional>

namespace onager::plugins {

/// The Nyström features F = K_nm L⁻ᵀ (n x m) of m centres, L L' = K_mm, as products.
///
/// K_nm is held for as many rows as the budget allows, and computed by blocks of rows for the rest
/// at each product: a block serves K v and K' (K v), where products that store nothing compute it
/// twice, 4 n m d flops in place of 2 n m d. m² numbers for L⁻¹, 4 m² c + 4 n m c flops a product.
/// The rows of held-out samples come after those of the others.
template <class T>
class SampledFeatures {
 public:
  /// l: m x m, L⁻¹ with zeros above the diagonal. budget: numbers that may be held, of which a
  /// block is taken in any case.
  SampledFeatures(const KernelOperator<T>& kernel, const Host& host, const Split& split,
                  Indices centers, Matrix<T> l, double budget)
      : kernel_(kernel),
        host_(host),
        split_(split),
        centers_(std::move(centers)),
        l_(l),
        m_(l.rows) {
    Layout layout = layout_of(split.training, split.held_out(), m_, budget);
    blocks_ = std::move(layout.blocks);
    kept_ = layout.kept;
    memory_.emplace(host, static_cast<std::int64_t>(layout.numbers));
  }

  /// What it holds.
  static double numbers(std::int64_t training, std::int64_t held_out, std::int64_t m,
                        double budget) {
    return layout_of(training, held_out, m, budget).numbers;
  }
  /// Numbers that a product takes besides.
  static double numbers_to_apply(std::int64_t training, std::int64_t m, std::int64_t c) {
    return static_cast<double>((2 * m + std::min(training, chunk_rows)) * c);
  }

  /// Emits the share of the rows that is kept, and says what is done.
  void report() const {
    std::int64_t rows = 0;
    for (std::size_t i = 0; i < kept_; ++i) rows += blocks_[i].rows;
    const double share =
        static_cast<double>(rows) / static_cast<double>(blocks_.back().first + blocks_.back().rows);
    host_.emit("kernel_kept", share);
    if (kept_ == blocks_.size()) host_.info("the kernel of the centers is kept in memory");
    else if (kept_ == 0) host_.info("the kernel of the centers is computed at every product");
    else
      host_.info(in_short(100 * share) +
                 " % of the kernel of the centers are kept in memory, the "
                 "rest is computed at every product");
  }

  /// out (m x c) <- F'y for y: n x c
  void project(Matrix<const T> y, Matrix<T> out) {
    const Buffer<T> memory(host_, m_ * y.cols);
    const Matrix<T> sum(memory.data(), m_, y.cols);
    set_zero(sum);
    each_block(split_.training, [&](std::int64_t first, Matrix<const T> k) {
      host_.gemm<T>(1, k, true, rows_of(y, first, k.rows), false, 1, sum);
      host_.progress(static_cast<double>(first + k.rows) / static_cast<double>(split_.training),
                     "kernel of the centers");
    });
    host_.gemm<T>(1, l_, false, sum, false, 0, out);
  }

  /// out (m x c) <- (F'F + ridge I) v; held_out (h x c) <- their features' product with v
  void normal_product(double ridge, Matrix<const T> v, Matrix<T> out, Matrix<T> held_out) {
    const std::int64_t c = v.cols, n = split_.training;
    const Buffer<T> memory(host_, (2 * m_ + std::min(n, chunk_rows)) * c);
    const Matrix<T> coefficients(memory.data(), m_, c), sum(coefficients.data + m_ * c, m_, c);
    coefficients_of(v, coefficients);
    set_zero(sum);
    each_block(n + held_out.rows, [&](std::int64_t first, Matrix<const T> k) {
      if (first >= n) {
        host_.gemm<T>(1, k, false, coefficients, false, 0, rows_of(held_out, first - n, k.rows));
        return;
      }
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
  /// Samples order[first ..]
  struct Block {
    std::int64_t first, rows;
  };
  struct Layout {
    std::vector<Block> blocks;
    std::size_t kept = 0;
    double numbers = 0;
  };

  static Layout layout_of(std::int64_t training, std::int64_t held_out, std::int64_t m,
                          double budget) {
    Layout layout;
    const auto add = [&](std::int64_t first, std::int64_t end) {
      for (; first < end; first += chunk_rows)
        layout.blocks.push_back({first, std::min(chunk_rows, end - first)});
    };
    add(0, training);
    add(training, training + held_out);
    const auto size = [&](std::int64_t rows) {
      return static_cast<double>(rows) * static_cast<double>(m);
    };
    const double block = size(std::min(chunk_rows, std::max(training, held_out)));
    if (size(training + held_out) <= std::max(budget, block)) {
      layout.kept = layout.blocks.size();
      layout.numbers = size(training + held_out);
      return layout;
    }
    layout.numbers = block;
    for (const Block& b : layout.blocks) {
      if (layout.numbers + size(b.rows) > budget) break;
      layout.numbers += size(b.rows);
      ++layout.kept;
    }
    return layout;
  }

  /// work(first sample, K[first .. , centers]) over the first `samples`
  template <class Work>
  void each_block(std::int64_t samples, Work&& work) {
    std::int64_t kept_rows = 0;
    for (std::size_t at = 0; at < blocks_.size() && blocks_[at].first < samples; ++at) {
      host_.stop_if_cancelled();
      const Block& block = blocks_[at];
      const Matrix<T> k(memory_->data() + kept_rows * m_, block.rows, m_);
      if (at < kept_) kept_rows += block.rows;
      if (at >= filled_) kernel_.block(part(split_.order, block.first, block.rows), centers_, k);
      if (at == filled_ && at < kept_) ++filled_;
      work(block.first, Matrix<const T>(k));
    }
  }

  const KernelOperator<T>& kernel_;
  Host host_;
  const Split& split_;
  Indices centers_;
  Matrix<const T> l_;
  std::int64_t m_;
  std::vector<Block> blocks_;
  std::size_t kept_ = 0, filled_ = 0;
  std::optional<Buffer<T>> memory_;
};

}  // namespace onager::plugins
