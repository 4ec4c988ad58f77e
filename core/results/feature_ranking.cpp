// SPDX-License-Identifier: MIT
#include "results/feature_ranking.hpp"

#include "base/text.hpp"
#include "results/npy.hpp"
#include "results/readable.hpp"
#include "results/report_text.hpp"
#include "results/run_record.hpp"

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

constexpr std::size_t most_in_line = 6;

}  // namespace

bool features_named(const std::vector<FeatureGroup>& groups, std::size_t features) {
  return !groups.empty() && groups.size() == features &&
         std::all_of(groups.begin(), groups.end(),
                     [](const FeatureGroup& group) { return group.count == 1; });
}

std::vector<double> feature_weights(const Grid& grid) {
  if (grid.rows != grid.cols) return grid.values;
  std::vector<double> out;
  for (std::size_t i = 0; i < grid.rows; ++i) out.push_back(grid.at(i, i));
  return out;
}

std::vector<RankedFeature> ranked_features(const Grid& grid,
                                           const std::vector<FeatureGroup>& groups) {
  const std::vector<double> weights = feature_weights(grid);
  if (!features_named(groups, weights.size())) return {};
  std::vector<RankedFeature> out;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] >= 0) || !std::isfinite(weights[i])) return {};
    out.push_back({i, groups[i].name, weights[i]});
  }
  std::stable_sort(out.begin(), out.end(), [](const RankedFeature& a, const RankedFeature& b) {
    return a.weight > b.weight;
  });
  return out;
}

std::string ranking_line(const std::filesystem::path& run_folder) {
  const RunRecord run = read_run(run_folder);
  const auto file = std::find_if(run.arrays.begin(), run.arrays.end(), [](const auto& array) {
    return array.stem() == "feature_matrix";
  });
  if (file == run.arrays.end()) return "";
  const Grid grid = grid_of(read_npy(*file));
  const auto ranking = ranked_features(grid, groups_for(run, grid.rows));
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(ranking.size(), most_in_line); ++i)
    words.push_back(ranking[i].name + " " + readable(ranking[i].weight));
  if (ranking.size() > most_in_line) words.push_back("...");
  return joined(words);
}

}  // namespace onager::host
