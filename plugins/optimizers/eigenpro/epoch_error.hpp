// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace onager::plugins {

/// How far an iteration that converges linearly is from its limit, by how much its epochs change
/// the coefficients of one output. With a contraction by q an epoch
///
///   |alpha - alpha_k| <= q / (1 - q) |alpha_k - alpha_(k-1)|         (Banach 1922, a posteriori)
///
/// q is estimated from how the changes shrank over the last quarter of the epochs, at least two:
/// the rate of the error once its slowest part is what is left. Sooner the estimate is too small.
class EpochError {
 public:
  void epoch(double change) { changes_.push_back(change); }

  /// The estimate of |alpha - alpha_k| / |alpha_k| for coefficients of norm `size`. At most 1,
  /// which stands for no digit; 1 while fewer than two epochs give no rate, or where there is none.
  double relative(std::int64_t k, double size) const {
    const std::size_t epochs = changes_.size();
    if (size == 0) return epochs > 0 && changes_.back() == 0 ? 0 : 1;
    if (epochs < 2) return 1;
    const double last = changes_.back();
    if (last == 0) return 0;
    const std::size_t window = std::min(epochs - 1, std::max<std::size_t>(2, epochs / 4));
    const double q =
        std::pow(last / changes_[epochs - 1 - window], 1 / static_cast<double>(window));
    if (!(q < 1)) return 1;
    double distance = q / (1 - q) * last;
    for (auto j = static_cast<std::size_t>(k); j < epochs; ++j) distance += changes_[j];
    return std::min(1.0, distance / size);
  }

 private:
  std::vector<double> changes_;  // |alpha_k - alpha_(k-1)|
};

}  // namespace onager::plugins
