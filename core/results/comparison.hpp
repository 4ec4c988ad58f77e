// SPDX-License-Identifier: MIT
#pragma once

#include "results/figure_data.hpp"
#include "results/run_record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// A setting in which runs differ.
struct Difference {
  std::string key;
  std::vector<std::optional<std::string>> values;  // one a run; none where the key is not there
};

/// What all forms of `onager compare` show. The points of a sweep are runs too.
struct Comparison {
  std::vector<RunRecord> runs;
  std::vector<std::string> names;    // one a run, all different
  std::vector<std::string> columns;  // of any run, without seconds, in the order they occur
  std::vector<Difference> differences;
  std::vector<FigureData>
      figures;  // [[figure]] tables of the runs and sweeps, each over all of them
  bool has_sweep = false;

  /// Whether there are so many runs that each is better a row with its settings than a column.
  bool is_long() const { return has_sweep || runs.size() > 6; }
};

/// Throws Error(config) that names every folder that is none of a run or sweep.
Comparison compare_runs(const std::vector<std::filesystem::path>& folders);

/// Accuracies and errors over the rounds, a curve a run.
std::vector<FigureData> overview_figures(const Comparison& all);

/// Accuracies and errors, those of the test samples first.
const std::vector<std::string>& main_columns();
bool is_main_column(const std::string& column);

/// What rows of the runs' metrics count, each with an ending: "rounds", "steps", "rounds or steps".
std::string units_of(const Comparison& all, const char* ending = "s");

/// "30", or "12 of 30" for a run that did not come to its end.
std::string rounds_text(const RunRecord& run);

/// A column's value in the kept round, or NaN.
double kept_value(const RunRecord& run, const std::string& column);

}  // namespace onager::host
