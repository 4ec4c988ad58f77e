// SPDX-License-Identifier: MIT
#pragma once

#include "results/flat_toml.hpp"
#include "results/metrics.hpp"
#include "results/summary.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// A run folder as its reader sees it. What an unfinished run did not write is empty.
struct RunRecord {
  std::filesystem::path path;
  std::string name;  // of the folder
  std::string config;
  std::vector<Setting> settings;  // of config.toml
  std::vector<Setting> lock;      // of lock.toml
  Metrics metrics;
  std::optional<Summary> summary;  // none: the run was killed, or is still going on
  bool has_checkpoint = false;
  std::vector<std::filesystem::path> arrays;  // by name

  /// "finished", "failed", "interrupted" or "unfinished"
  std::string status() const;
  std::int64_t rounds_done() const;
  std::int64_t rounds_planned() const;  // 0 when unknown
  /// The round whose numbers are the run's, where there are rounds: the last, or the best by its
  /// validation samples.
  std::int64_t kept_round() const;
};

/// Throws Error(config) when the folder is none of a run, or one of its files is damaged.
RunRecord read_run(const std::filesystem::path& folder);

/// The column that tells best how good the predictor is, and whether more is better; "" when there
/// are no metrics.
struct Score {
  std::string column;
  bool more_is_better = false;
};
Score score_of(const Metrics& metrics);

/// The round with the best score, the earliest of equals; the first where no score is a number.
std::int64_t best_round(const Metrics& metrics, const Score& score);

}  // namespace onager::host
