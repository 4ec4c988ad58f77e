// SPDX-License-Identifier: MIT
//
// A typical distance between samples.
#pragma once

#include <onager/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace onager::plugins {

/// |x_i - x_j| for all pairs i < j where they are at most `pairs`, else for `pairs` of them drawn
/// with replacement. 3 d flops and a double a pair.
template <class T>
std::vector<double> pair_distances(const Host& host, Matrix<const T> x, std::int64_t pairs) {
  const std::int64_t n = x.rows;
  const auto distance = [&](std::int64_t i, std::int64_t j) {
    double sum = 0;
    for (std::int64_t k = 0; k < x.cols; ++k) {
      const double difference = static_cast<double>(x(i, k)) - static_cast<double>(x(j, k));
      sum += difference * difference;
    }
    return std::sqrt(sum);
  };
  // n (n - 1) / 2 <= pairs without overflow
  const bool all =
      static_cast<double>(n) * static_cast<double>(n - 1) / 2 <= static_cast<double>(pairs);
  std::vector<double> out(static_cast<std::size_t>(all ? n * (n - 1) / 2 : pairs));
  if (all) {
    host.parallel(n, [&](std::int64_t i, std::int32_t) {
      for (std::int64_t j = 0; j < i; ++j)
        out[static_cast<std::size_t>(i * (i - 1) / 2 + j)] = distance(i, j);
    });
    return out;
  }
  constexpr std::int64_t at_once = 4096;
  host.parallel((pairs + at_once - 1) / at_once, [&](std::int64_t task, std::int32_t) {
    const std::int64_t first = task * at_once, count = std::min(at_once, pairs - first);
    const auto place = host.uniform(0, static_cast<std::uint64_t>(2 * first), 2 * count);
    for (std::int64_t p = 0; p < count; ++p) {
      const auto at = static_cast<std::size_t>(2 * p);
      const auto i = static_cast<std::int64_t>(place[at] * static_cast<double>(n));
      auto j = static_cast<std::int64_t>(place[at + 1] * static_cast<double>(n - 1));
      if (j >= i) ++j;  // uniform over the others
      out[static_cast<std::size_t>(first + p)] = distance(i, j);
    }
  });
  return out;
}

inline double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

/// The value that a part q of the others lies below, linear between two of them. NaN when any
/// value is.
inline double quantile(std::vector<double> values, double q) {
  if (std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); }))
    return std::numeric_limits<double>::quiet_NaN();
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), below, values.end());
  const double part = place - std::floor(place);
  if (part == 0) return *below;
  return *below + part * (*std::min_element(below + 1, values.end()) - *below);
}

}  // namespace onager::plugins
