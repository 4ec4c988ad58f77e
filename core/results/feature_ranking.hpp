// SPDX-License-Identifier: MIT
#pragma once

#include "results/grid.hpp"
#include "results/summary.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

struct RankedFeature {
  std::size_t index;  // among the features, from 0
  std::string name;
  double weight;
};

/// Whether the dataset names its features one by one: as many groups as features, each of one.
bool features_named(const std::vector<FeatureGroup>& groups, std::size_t features);

/// The diagonal of a feature matrix, or a vector of weights.
std::vector<double> feature_weights(const Grid& grid);

/// Named features by their weight in a d x d feature matrix or a vector of d weights, the largest
/// first. Empty where the features have no names, or a weight is negative or not finite.
std::vector<RankedFeature> ranked_features(const Grid& grid,
                                           const std::vector<FeatureGroup>& groups);

/// "age 2.31, cement 1.2, ...": the first of the ranking of a run that learned a feature matrix of
/// named features; "" for any other run folder.
std::string ranking_line(const std::filesystem::path& run_folder);

}  // namespace onager::host
