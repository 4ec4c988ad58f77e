// SPDX-License-Identifier: MIT
//
// How well the weights of coordinates tell a support from the rest.
#pragma once

#include <onager/array.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace onager::plugins {

/// ratio: the smallest weight inside the support over the largest outside; infinite where all
/// outside are 0 and none inside is, nothing where there is no outside or all weights are 0.
/// in_top: coordinates of the support among the k largest weights, k its size; of equal weights
/// those outside come first, so that ties recover nothing.
struct Recovery {
  std::optional<double> ratio;
  std::int64_t in_top = 0;
};

inline Recovery recovery_of(const std::vector<double>& weights,
                            const std::vector<std::int64_t>& support) {
  std::vector<double> inside, outside;
  std::vector<bool> in_support(weights.size(), false);
  for (const auto i : support) in_support.at(static_cast<std::size_t>(i)) = true;
  for (std::size_t i = 0; i < weights.size(); ++i)
    (in_support[i] ? inside : outside).push_back(weights[i]);
  Recovery out;
  for (const double w : inside) {
    const auto before =
        std::count_if(inside.begin(), inside.end(), [&](double v) { return v > w; }) +
        std::count_if(outside.begin(), outside.end(), [&](double v) { return v >= w; });
    if (before < static_cast<std::ptrdiff_t>(inside.size())) ++out.in_top;
  }
  if (inside.empty() || outside.empty()) return out;
  const double least = *std::min_element(inside.begin(), inside.end());
  const double most = *std::max_element(outside.begin(), outside.end());
  if (most > 0) out.ratio = least / most;
  else if (least > 0) out.ratio = std::numeric_limits<double>::infinity();
  return out;
}

}  // namespace onager::plugins
