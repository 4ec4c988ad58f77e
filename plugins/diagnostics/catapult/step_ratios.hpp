// SPDX-License-Identifier: MIT
//
// Learning rates against the critical ones of their batches.
#pragma once

#include <onager/array.hpp>

#include <algorithm>
#include <optional>

namespace onager::plugins {

/// eta / eta_crit(batch) of the last few steps, and how many of all were above 1.
class StepRatios {
 public:
  /// lookback: how many steps are remembered.
  explicit StepRatios(std::int64_t lookback) : lookback_(lookback) {}

  void observe(double ratio) {
    if (counts_.empty()) counts_ = Table(1, 2);
    counts_(0, 0) += 1;
    counts_(0, 1) += ratio > 1;
    if (recent_.rows == lookback_) {
      recent_.values.erase(recent_.values.begin());
      --recent_.rows;
    }
    recent_.values.push_back(ratio);
    recent_.cols = 1;
    ++recent_.rows;
  }

  /// Of the steps that are remembered; nothing where there is none.
  std::optional<double> largest() const {
    if (recent_.empty()) return std::nullopt;
    return *std::max_element(recent_.values.begin(), recent_.values.end());
  }
  double share_above_1() const { return counts_.empty() ? 0 : counts_(0, 1) / counts_(0, 0); }

  Table& recent() { return recent_; }
  Table& counts() { return counts_; }

 private:
  std::int64_t lookback_;
  Table recent_;  // oldest first, k x 1
  Table counts_;  // steps, those above 1
};

}  // namespace onager::plugins
