// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/experiment.hpp"
#include "results/metrics.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// All that a run needs to go on after a row as if it had not stopped.
struct Checkpoint {
  std::int64_t from = 0;       // the next row of metrics.csv has this index or a larger one
  std::string plugins_sha256;  // of lock.toml
  std::string metrics_csv;
  std::vector<std::pair<std::string, double>> seconds;
  std::vector<std::string> warnings;
  std::vector<ComponentState> components;
};

/// Replaces the checkpoint of a folder: new arrays first, then state.json by rename, then the old
/// arrays go. A kill at any instant leaves one whole checkpoint.
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint);

/// Removes the folder, state.json first: a kill at any instant leaves a whole checkpoint or none.
void remove_checkpoint(const std::filesystem::path& folder);

/// Nothing when the folder holds none. Throws Error(system) when it holds a damaged one.
std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& folder);

}  // namespace onager::host
