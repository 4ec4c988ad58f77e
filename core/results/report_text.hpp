// SPDX-License-Identifier: MIT
#pragma once

#include "results/run_record.hpp"

#include <string>

namespace onager::host {

/// "onager.example/name" without the plugin: "name".
std::string bare_id(const std::string& use);

/// "feature_matrix": "feature matrix".
std::string name_words(std::string name);

/// The feature groups, where they tile the rows of an array of this size and so say what its
/// indices mean.
std::vector<FeatureGroup> groups_for(const RunRecord& run, std::size_t rows);

/// The name of the pipeline file that was run, or of the folder.
std::string run_title(const RunRecord& run);

/// "dataset · feature maps · kernel · optimizer": the components in the order of the data.
std::string pipeline_words(const RunRecord& run);

/// "round 0 (features as given)" for the untrained features of a run that learns, else "round 0".
std::string round_words(const RunRecord& run, std::int64_t round);

/// What came of the run, as one or two sentences.
std::string result_sentence(const RunRecord& run);

}  // namespace onager::host
