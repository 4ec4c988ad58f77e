// SPDX-License-Identifier: MIT
#pragma once

#include "epoch_error.hpp"
#include "preconditioner.hpp"

#include <optional>

namespace onager::plugins {

struct EpochStep {
  std::int64_t batch;
  double size;
};

/// The passes over the training samples. alpha is n x c, zero for held-out samples.
template <class T>
class Epochs {
 public:
  Epochs(const KernelOperator<T>& kernel, const Host& host, const Split& split,
         const EigenProPreconditioner<T>& preconditioner, EpochStep step, double ridge,
         Matrix<const T> targets)
      : kernel_(kernel),
        host_(host),
        split_(split),
        preconditioner_(preconditioner),
        step_(step),
        ridge_(ridge),
        targets_(targets),
        c_(targets.cols),
        s_(static_cast<std::int64_t>(preconditioner.points().size())),
        memory_(host, (step.batch + 3 * s_) * c_),
        errors_(static_cast<std::size_t>(c_)) {}

  /// All it holds but the batch, which takes c numbers a sample.
  static double numbers(std::int64_t s, std::int64_t c) { return static_cast<double>(3 * s * c); }

  /// One pass. Squares of the residuals' columns, each batch's before its step; nothing when time
  /// ran out. from, part: what it is of the whole run, for progress.
  std::optional<std::vector<double>> run(std::int64_t epoch, const Deadline& deadline, double from,
                                         double part_of_run, Matrix<T> alpha) {
    const std::int64_t n = split_.training;
    const auto& points = preconditioner_.points();
    const Matrix<T> moved(memory_.data(), s_, c_), v(moved.data + s_ * c_, s_, c_),
        change(v.data + s_ * c_, s_, c_);
    T* const g_memory = change.data + s_ * c_;
    // stream 0 chose the subsample
    const auto order = host_.permutation(1 + static_cast<std::uint64_t>(epoch), n);
    std::vector<double> r2(static_cast<std::size_t>(c_)), change2(r2);
    const double rate = step_.size / static_cast<double>(step_.batch);
    set_zero(moved);

    for (std::int64_t begin = 0; begin < n; begin += step_.batch) {
      host_.stop_if_cancelled();
      if (deadline.passed()) return std::nullopt;
      const std::int64_t b = std::min(step_.batch, n - begin);
      Indices batch = part(order, begin, b);
      for (auto& i : batch) i = split_.order[static_cast<std::size_t>(i)];
      const Matrix<T> g(g_memory, b, c_);
      gradient(batch, alpha, g);
      const auto squares = column_dots<T>(g, g);
      for (std::size_t j = 0; j < r2.size(); ++j) r2[j] += squares[j];

      kernel_.part_product(points, batch, g, v);
      add_ridge(batch, g, v);
      preconditioner_.apply(v, change);
      // a last batch that is smaller takes the same step a sample
      for (std::int64_t i = 0; i < b; ++i) {
        const std::int64_t at = batch[static_cast<std::size_t>(i)], point = point_of(at);
        for (std::int64_t j = 0; j < c_; ++j) {
          const T move = static_cast<T>(-rate) * g(i, j);
          alpha(at, j) += move;
          if (point >= 0) moved(point, j) += move;
          else
            change2[static_cast<std::size_t>(j)] +=
                static_cast<double>(move) * static_cast<double>(move);
        }
      }
      for (std::int64_t i = 0; i < s_; ++i)
        for (std::int64_t j = 0; j < c_; ++j) {
          const T move = static_cast<T>(rate) * change(i, j);
          alpha(points[static_cast<std::size_t>(i)], j) += move;
          moved(i, j) += move;
        }
      host_.progress(from + part_of_run * static_cast<double>(begin + b) / static_cast<double>(n),
                     "epochs");
    }
    const auto moved2 = column_dots<T>(moved, moved);
    for (std::size_t j = 0; j < change2.size(); ++j)
      errors_[j].epoch(std::sqrt(change2[j] + moved2[j]));
    return r2;
  }

  /// max_j of EpochError for the coefficients of epoch k.
  double error_estimate(std::int64_t k, Matrix<const T> alpha) const {
    const auto size2 = column_dots<T>(alpha, alpha);
    double largest = 0;
    for (std::size_t j = 0; j < errors_.size(); ++j)
      largest = std::max(largest, errors_[j].relative(k, std::sqrt(size2[j])));
    return largest;
  }

 private:
  /// g <- (K + ridge I)[batch, :] alpha - y
  void gradient(const Indices& batch, Matrix<const T> alpha, Matrix<T> g) const {
    kernel_.rows_product(batch, alpha, g);
    for (std::int64_t i = 0; i < g.rows; ++i) {
      const std::int64_t at = batch[static_cast<std::size_t>(i)];
      for (std::int64_t j = 0; j < c_; ++j)
        g(i, j) += static_cast<T>(ridge_) * alpha(at, j) - targets_(at, j);
    }
  }

  /// v (points x c) += ridge g where a point is in the batch
  void add_ridge(const Indices& batch, Matrix<const T> g, Matrix<T> v) const {
    if (ridge_ == 0) return;
    for (std::int64_t i = 0; i < g.rows; ++i) {
      const std::int64_t point = point_of(batch[static_cast<std::size_t>(i)]);
      if (point < 0) continue;
      for (std::int64_t j = 0; j < c_; ++j) v(point, j) += static_cast<T>(ridge_) * g(i, j);
    }
  }

  /// Where a sample is among the points, or -1.
  std::int64_t point_of(std::int64_t sample) const {
    const auto& points = preconditioner_.points();
    const auto at = std::lower_bound(points.begin(), points.end(), sample);
    return at != points.end() && *at == sample ? at - points.begin() : -1;
  }

  const KernelOperator<T>& kernel_;
  Host host_;
  const Split& split_;
  const EigenProPreconditioner<T>& preconditioner_;
  EpochStep step_;
  double ridge_;
  Matrix<const T> targets_;
  std::int64_t c_, s_;
  Buffer<T> memory_;
  std::vector<EpochError> errors_;
};

}  // namespace onager::plugins
