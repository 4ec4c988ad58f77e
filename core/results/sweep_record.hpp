// SPDX-License-Identifier: MIT
#pragma once

#include "config/sweep_values.hpp"
#include "results/run_record.hpp"
#include "results/table.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// What became of one point of a sweep.
struct PointRecord {
  std::string name;  // of its run folder
  std::filesystem::path folder;
  std::vector<Cell> cells;
  std::string status;   // "finished", "failed", "interrupted", or "missing" before it ran
  std::string message;  // why it failed
  std::optional<Summary> summary;
  std::vector<Cell> metrics;  // of the kept round
  Cell length;  // how many "rounds" or "steps" it made; no column before the first of them
  std::vector<Setting> lock;
};

/// A record of a run folder that is there, whole or not.
void read_point(const std::filesystem::path& folder, PointRecord& point);

/// One row a point: point, the swept keys, the metrics of its kept round, rounds or steps, seconds,
/// seconds.PHASE for every phase, peak_memory_bytes, status, warnings (how many), message.
Table sweep_table(const std::vector<PointRecord>& points);

/// One row a round or step of every finished point, for figures over rounds: of the given columns
/// those that the points have, from metrics.csv before those of the sweep's table. `known` gets the
/// names of all that there are.
Table rounds_table(const std::vector<PointRecord>& points, const Table& sweep,
                   const std::vector<std::string>& columns, std::vector<std::string>& known);

}  // namespace onager::host
