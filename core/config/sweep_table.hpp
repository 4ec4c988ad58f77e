// SPDX-License-Identifier: MIT
#pragma once

#include "config/conditions.hpp"
#include "config/document.hpp"
#include "config/key_path.hpp"
#include "config/problems.hpp"

#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// One key of a [sweep] table with the values that it takes.
struct SweepAxis {
  std::string path;  // canonical: "optimizer.use", "feature_map[0].power"
  std::vector<Step> steps;
  Place key_place;
  std::vector<Node> values;

  std::size_t quote = 0;  // characters of the key before the path's first

  /// Of a byte of the path as it was written.
  Place place(std::size_t byte) const;
};

/// A [sweep] table as it stands in the file.
///
///   [sweep]
///   "optimizer.use" = ["a", "b"]                                 # a list of values
///   "dataset.train_samples" = { from = 1e3, to = 1e5, count = 7, scale = "log" }
///   zip = [["dataset.noise", "optimizer.ridge"]]                 # keys that vary together
///   skip = [{ "optimizer.use" = "a", "dataset.train_samples" = { above = 2e4 } }]
struct SweepTable {
  std::vector<SweepAxis> axes;
  /// The grid's loops, the outermost first: the axes that each of them steps through together.
  std::vector<std::vector<std::size_t>> loops;
  /// A point for which all conditions of one entry hold is left out.
  std::vector<std::vector<Condition>> skips;
};

/// The [sweep] table of a pipeline's tree; nothing where there is none. Values that a range gives
/// are rounded by parameters that are integers. After problems the table is incomplete.
std::optional<SweepTable> read_sweep_table(const Node& root, Problems& problems);

/// The same table, sound, with a whole path as the name of every key, and what overrides gave in
/// the place of what the file has.
Node with_whole_paths(Node sweep);

/// Columns that the values of a sweep give a table, by key and then by first occurrence: a table
/// that is a value gives one for each of its keys.
std::vector<std::string> swept_columns(const SweepTable& table);

}  // namespace onager::host
