// SPDX-License-Identifier: MIT
#include "results/matrix_facts.hpp"

#include "base/text.hpp"
#include "results/feature_ranking.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace onager::host {

namespace {

constexpr std::size_t most_named = 8;     // features, of those that hold the diagonal
constexpr double most_of_it = 0.9;        // share of the diagonal that they hold together
constexpr std::size_t most_groups = 4;    // whose blocks are told one by one
constexpr double clearly_wrapped = 0.5;   // share of a block's variance
constexpr std::size_t least_wrapped = 5;  // size of a block, below which means fit anything

std::string range_sentence(const Grid& grid) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : grid.values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return "No entry is finite.";
  return fmt::format("Values from {} to {}.", readable(low), readable(high));
}

std::string few_features(const Grid& grid, const std::vector<FeatureGroup>& groups) {
  const std::vector<double> weights = feature_weights(grid);
  double total = 0;
  for (const double weight : weights) {
    if (!(weight >= 0)) return "";  // shares have no meaning
    total += weight;
  }
  if (!(total > 0) || !std::isfinite(total)) return "";
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return weights[a] > weights[b]; });
  double sum = 0;
  std::vector<std::size_t> named;
  for (const auto i : order) {
    if (sum >= most_of_it * total) break;
    sum += weights[i];
    named.push_back(i);
  }
  if (named.size() > most_named || named.size() > weights.size() / 4) return "";
  std::sort(named.begin(), named.end());
  std::vector<std::string> names;
  for (const auto i : named)
    names.push_back(features_named(groups, weights.size()) ? groups[i].name : std::to_string(i));
  const bool one = named.size() == 1;
  return fmt::format(" Feature{} {} hold{} {} of the {}; the other {} share the rest.",
                     one ? "" : "s", joined(names), one ? "s" : "", percent(sum / total),
                     grid.rows == grid.cols ? "trace" : "sum", weights.size() - names.size());
}

bool inside(const FeatureGroup& group, const Grid& grid) {
  return group.first >= 0 && group.count > 0 &&
         static_cast<std::size_t>(group.first + group.count) <= grid.rows;
}

double squared_norm(const Grid& grid, const FeatureGroup& rows, const FeatureGroup& cols) {
  double sum = 0;
  for (std::int64_t i = rows.first; i < rows.first + rows.count; ++i)
    for (std::int64_t j = cols.first; j < cols.first + cols.count; ++j) {
      const double value = grid.at(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
      sum += value * value;
    }
  return sum;
}

std::string block_name(const FeatureGroup& rows, const FeatureGroup& cols) {
  return rows.name + "\u00a0×\u00a0" + cols.name;
}

std::string block_shares(const Grid& grid, const std::vector<FeatureGroup>& groups) {
  const double total =
      std::accumulate(grid.values.begin(), grid.values.end(), 0.0,
                      [](double sum, double value) { return sum + value * value; });
  if (!(total > 0) || !std::isfinite(total)) return "";
  std::vector<std::string> shares;
  for (std::size_t a = 0; a < groups.size(); ++a)
    for (std::size_t b = a; b < groups.size(); ++b) {
      double share = squared_norm(grid, groups[a], groups[b]) / total;
      std::string name = block_name(groups[a], groups[b]);
      if (a != b) {
        share += squared_norm(grid, groups[b], groups[a]) / total;
        name += " with " + block_name(groups[b], groups[a]);
      }
      shares.push_back(fmt::format("{} {}", name, percent(share)));
    }
  return " Share of the squared norm: " + joined(shares) + ".";
}

std::string wrapped_blocks(const Grid& grid, const std::vector<FeatureGroup>& groups) {
  std::string out;
  for (std::size_t a = 0; a < groups.size(); ++a)
    for (std::size_t b = a + 1; b < groups.size(); ++b) {
      const auto size = static_cast<std::size_t>(groups[a].count);
      if (groups[a].count != groups[b].count || size < least_wrapped) continue;
      const WrappedShare share = wrapped_share(grid, static_cast<std::size_t>(groups[a].first),
                                               static_cast<std::size_t>(groups[b].first), size);
      const bool anti = share.anti_diagonals > share.diagonals;
      const double larger = std::max(share.diagonals, share.anti_diagonals);
      if (!(larger >= clearly_wrapped)) continue;  // also where a square overflowed
      out += fmt::format(" The means of the wrapped {} explain {} of the variance in block {}.",
                         anti ? "anti-diagonals (i + j constant modulo the size)"
                              : "diagonals (j − i constant modulo the size)",
                         percent(larger), block_name(groups[a], groups[b]));
    }
  return out;
}

}  // namespace

WrappedShare wrapped_share(const Grid& grid, std::size_t first_row, std::size_t first_col,
                           std::size_t size) {
  std::vector<double> diagonal(size, 0.0), anti(size, 0.0);
  double mean = 0;
  const auto count = static_cast<double>(size);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      const double value = grid.at(first_row + i, first_col + j) / count;
      diagonal[(j + size - i) % size] += value;
      anti[(i + j) % size] += value;
      mean += value / count;
    }
  double variance = 0;
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j)
      variance += std::pow(grid.at(first_row + i, first_col + j) - mean, 2);
  WrappedShare out;
  if (!(variance > 0)) return out;
  for (std::size_t k = 0; k < size; ++k) {
    out.diagonals += count * std::pow(diagonal[k] - mean, 2) / variance;
    out.anti_diagonals += count * std::pow(anti[k] - mean, 2) / variance;
  }
  return out;
}

std::string matrix_facts(const Grid& grid, const std::vector<FeatureGroup>& groups) {
  std::string out = range_sentence(grid);
  const bool square = grid.rows == grid.cols;
  if (square || grid.cols == 1) out += few_features(grid, groups);
  const bool told = square && groups.size() > 1 && groups.size() <= most_groups &&
                    std::all_of(groups.begin(), groups.end(),
                                [&](const FeatureGroup& group) { return inside(group, grid); });
  if (told) out += block_shares(grid, groups) + wrapped_blocks(grid, groups);
  return out;
}

}  // namespace onager::host
