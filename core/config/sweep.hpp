// SPDX-License-Identifier: MIT
#pragma once

#include "config/plan.hpp"
#include "config/sweep_file.hpp"
#include "config/sweep_values.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// One point of a sweep: a whole pipeline.
struct SweepPoint {
  std::string label;        // its values in short, fit for a file's name; not unique
  std::vector<Cell> cells;  // the swept keys with their values; all points have the same columns
  Plan plan;
};

/// A pipeline file with a [sweep] table, validated at every point.
struct Sweep {
  SweepFile file;                  // with the overrides that it was read with
  std::vector<SweepPoint> points;  // in the order of the grid, the last key fastest
};

/// Reads and validates a pipeline file with its [sweep], [[figure]] and [[expect]] tables. Each
/// point is the file's pipeline, after the overrides, with the point's values in it. Throws
/// Error(config) with every error of every point, each once; Error(system) when the file cannot be
/// read.
Sweep read_sweep(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                 const Registry& registry);

}  // namespace onager::host
