// SPDX-License-Identifier: MIT
//
// Spikes in a series of losses.
#pragma once

#include <onager/array.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace onager::plugins {

/// When a series of losses l_t spikes. With b the median of the last `window` quiet losses and s
/// the scatter of their logarithms,
///
///   a spike begins at the first loss above  b max(factor, exp(deviations s)),
///   its losses are not quiet ones, so that b stays what it was before the spike,
///   it ends at the first loss below the geometric mean of b and that threshold.
///
/// A rise that lasts more than `longest` losses is a new level and no spike; quiet losses are then
/// counted anew. Losses below `floor` count as it.
///
/// s = 1.4826 median |log l_i - log l_{i-1}| / sqrt 2 over the falls l_i < l_{i-1} among the quiet
/// losses: the standard deviation of independent normal logarithms, which neither a loss that
/// decreases steadily nor the rise of a spike enters; and no less than what is known of the noise.
struct SpikeRule {
  double factor = 3, deviations = 4, floor = 0;
  std::int64_t window = 20, longest = 1000;
};

/// Standard deviation of the logarithm of a mean of so many squared normal residuals, to first
/// order: the noise of a batch's loss.
inline double noise_of_squares(std::int64_t residuals) {
  return std::sqrt(2.0 / static_cast<double>(residuals));
}

/// Positions are those given to observe().
struct Spike {
  std::int64_t begin = 0, peak = 0, end = 0;
  double baseline = 0, highest = 0;
};

/// Middle of some numbers; of an even number the mean of the two.
inline double median(std::vector<double> values) {
  const std::size_t half = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half),
                   values.end());
  const double upper = values[half];
  if (values.size() % 2 == 1) return upper;
  return (*std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half)) +
          upper) /
         2;
}

/// Finds the spikes of a series that is told loss by loss. Its state is two tables.
class SpikeDetector {
 public:
  enum class Now { quiet, begins, inside, ends, new_level };

  explicit SpikeDetector(const SpikeRule& rule) : rule_(rule) {}

  /// The next loss, and the least scatter that its noise alone has. A loss that is not finite lies
  /// above every threshold.
  Now observe(std::int64_t position, double loss, double noise = 0) {
    const double l =
        std::isnan(loss) ? std::numeric_limits<double>::infinity() : std::max(loss, rule_.floor);
    if (inside()) return go_on(position, l);
    if (quiet_.empty() || !(l > baseline() * threshold_ratio(noise))) {
      keep(l);
      return Now::quiet;
    }
    Table rise(1, 6);
    rise(0, begun) = rise(0, peaked) = static_cast<double>(position);
    rise(0, losses) = 1;
    rise(0, base) = baseline();
    rise(0, ratio) = threshold_ratio(noise);
    rise(0, top) = l;
    rise_ = std::move(rise);
    return Now::begins;
  }

  bool inside() const { return !rise_.empty(); }
  /// The median of the quiet losses before; NaN before the first one.
  double baseline() const {
    if (inside()) return rise_(0, base);
    return quiet_.empty() ? std::numeric_limits<double>::quiet_NaN() : median(quiet_.values);
  }
  /// The spike that has just ended, after Now::ends.
  const Spike& last() const { return last_; }

  Table& quiet() { return quiet_; }
  Table& rise() { return rise_; }

 private:
  enum Column { begun, peaked, losses, base, ratio, top };  // of rise_

  Now go_on(std::int64_t position, double l) {
    if (l <= rise_(0, base) * std::sqrt(rise_(0, ratio))) {
      last_ = {static_cast<std::int64_t>(rise_(0, begun)),
               static_cast<std::int64_t>(rise_(0, peaked)), position, rise_(0, base),
               rise_(0, top)};
      rise_ = Table();
      keep(l);
      return Now::ends;
    }
    if (l > rise_(0, top)) {
      rise_(0, top) = l;
      rise_(0, peaked) = static_cast<double>(position);
    }
    if (++rise_(0, losses) <= static_cast<double>(rule_.longest)) return Now::inside;
    rise_ = quiet_ = Table();
    keep(l);
    return Now::new_level;
  }

  double threshold_ratio(double noise) const {
    return std::max(rule_.factor, std::exp(rule_.deviations * std::max(scatter(), noise)));
  }

  double scatter() const {
    std::vector<double> falls;
    for (std::size_t i = 1; i < quiet_.values.size(); ++i) {
      const double before = quiet_.values[i - 1], now = quiet_.values[i];
      if (now < before && now > 0) falls.push_back(std::log(before / now));
    }
    return falls.empty() ? 0 : 1.4826 / std::sqrt(2.0) * median(falls);
  }

  void keep(double l) {
    if (quiet_.rows == rule_.window) {
      quiet_.values.erase(quiet_.values.begin());
      --quiet_.rows;
    }
    quiet_.values.push_back(l);
    quiet_.cols = 1;
    ++quiet_.rows;
  }

  SpikeRule rule_;
  Table quiet_;  // the last quiet losses, k x 1
  Table rise_;   // what is known of the rise that lasts; empty outside of one
  Spike last_;
};

}  // namespace onager::plugins
