// SPDX-License-Identifier: MIT
#pragma once

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

/// What all forms of `onager compare` show.
struct Comparison {
  std::vector<RunRecord> runs;
  std::vector<std::string> names;    // one a run, all different
  std::vector<std::string> columns;  // of any run, without seconds, in the order they occur
  std::vector<Difference> differences;
};

/// Throws Error(config) that names every folder that is none of a run.
Comparison compare_runs(const std::vector<std::filesystem::path>& folders);

/// "30", or "12 of 30" for a run that did not come to its end.
std::string rounds_text(const RunRecord& run);

/// A column's value in the kept round, or NaN.
double kept_value(const RunRecord& run, const std::string& column);

}  // namespace onager::host
