// SPDX-License-Identifier: MIT
//
// Training on part of the samples and stopping by the error on the rest.
#pragma once

#include "kernel_system.hpp"

#include <cmath>
#include <limits>

namespace onager::plugins {

/// The samples in the order that a solver numbers them: those it trains on, then those held out.
struct Split {
  Indices order;
  std::int64_t training = 0;

  std::int64_t held_out() const { return static_cast<std::int64_t>(order.size()) - training; }
  Indices trained() const { return part(order, 0, training); }
};

/// The number of samples that `fraction` of n holds out: 0 for 0, else at least one.
inline std::int64_t held_out_count(std::int64_t n, double fraction) {
  if (!(fraction > 0)) return 0;
  const auto count = static_cast<std::int64_t>(std::llround(fraction * static_cast<double>(n)));
  return std::clamp<std::int64_t>(count, 1, std::max<std::int64_t>(n - 1, 1));
}

/// Uniformly without replacement; both parts ascending.
inline Split split(const Host& host, std::int64_t n, double fraction) {
  const std::int64_t held_out = held_out_count(n, fraction);
  if (held_out >= n)
    throw Error(ONAGER_INVALID,
                "validation takes samples away from training, and there is only one");
  if (held_out == 0) return {range(0, n), n};
  constexpr std::uint64_t stream = std::uint64_t{1} << 32;  // apart from those of other choices
  Split chosen{host.permutation(stream, n), n - held_out};
  std::sort(chosen.order.begin(), chosen.order.begin() + chosen.training);
  std::sort(chosen.order.begin() + chosen.training, chosen.order.end());
  return chosen;
}

/// The best coefficients so far by the mean squared error of the held-out samples, over samples and
/// outputs. Does nothing when no samples are held out.
template <class T>
class EarlyStopping {
 public:
  /// patience: checks without improvement after which to stop. coefficients: rows that are kept.
  EarlyStopping(const Host& host, const Split& split, Matrix<const T> targets,
                std::int64_t patience, std::int64_t coefficients)
      : patience_(patience),
        memory_(host, split.held_out() > 0 ? (split.held_out() + coefficients) * targets.cols : 0),
        targets_(memory_.data(), split.held_out(), targets.cols),
        kept_(memory_.data() + split.held_out() * targets.cols, coefficients, targets.cols) {
    if (active()) gather<T>(targets, part(split.order, split.training, split.held_out()), targets_);
  }
  static double numbers(std::int64_t held_out, std::int64_t coefficients, std::int64_t outputs) {
    return held_out > 0 ? static_cast<double>((held_out + coefficients) * outputs) : 0;
  }

  bool active() const { return targets_.rows > 0; }
  std::int64_t best_step() const { return best_step_; }

  /// Held-out predictions and coefficients after a step. True when it is time to stop.
  bool check(Matrix<const T> predictions, Matrix<const T> coefficients, std::int64_t step) {
    if (!active()) return false;
    double sum = 0;
    for (std::int64_t i = 0; i < targets_.rows; ++i)
      for (std::int64_t j = 0; j < targets_.cols; ++j) {
        const double e =
            static_cast<double>(predictions(i, j)) - static_cast<double>(targets_(i, j));
        sum += e * e;
      }
    const double mse = sum / static_cast<double>(targets_.rows * targets_.cols);
    if (std::isnan(mse))
      throw Error(
          ONAGER_NUMERICAL,
          "the error of the held-out samples is not a number: the kernel matrix has numbers "
          "that are not finite, or they came up on the way");
    if (mse < best_) {
      best_ = mse;
      best_step_ = step;
      since_ = 0;
      copy<T>(coefficients, kept_);
      return false;
    }
    return ++since_ >= patience_;
  }

  void restore(Matrix<T> coefficients) const { copy<T>(kept_, coefficients); }

  /// step_name: "iteration" or "epoch"; early: whether the error was the reason to stop.
  void report(const Host& host, const std::string& step_name, std::int64_t steps,
              bool early) const {
    if (!active()) return;
    host.emit("validation_mse", best_);
    host.emit(("best_" + step_name).c_str(), static_cast<double>(best_step_));
    host.info("the error of " + std::to_string(targets_.rows) + " held-out samples was least, " +
              in_short(best_) + ", after " + step_name + " " + std::to_string(best_step_) + " of " +
              std::to_string(steps) + (early ? ": stopped early" : ""));
  }

 private:
  std::int64_t patience_;
  Buffer<T> memory_;
  Matrix<T> targets_, kept_;
  double best_ = std::numeric_limits<double>::infinity();
  std::int64_t best_step_ = 0, since_ = 0;
};

/// What a solver's user says of it.
struct ValidationOptions {
  double fraction;
  std::int64_t patience;

  explicit ValidationOptions(const Config& c)
      : fraction(c.real("validation")), patience(c.integer("patience")) {}
};

inline Parameter validation_parameter() {
  return real("validation", 0.0,
              "Share of the training samples that is held out: their coefficients are 0, and those "
              "of the others are taken from where the error on them is least. 0: none")
      .at_least(0)
      .below(1);
}

inline Parameter patience_parameter(const char* checks, std::int64_t value) {
  return integer("patience", value, checks).at_least(1);
}

}  // namespace onager::plugins
