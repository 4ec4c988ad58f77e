// SPDX-License-Identifier: MIT
#include "results/comparison.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace onager::host {

namespace {

/// Folder names, with as many parents in front as it takes to tell them apart.
std::vector<std::string> distinct_names(const std::vector<RunRecord>& runs) {
  std::vector<std::string> out;
  for (const auto& run : runs) out.push_back(run.name);
  std::vector<std::filesystem::path> parents;
  for (const auto& run : runs) parents.push_back(run.path.parent_path());
  for (;;) {
    std::vector<bool> shared(out.size());
    bool any = false;
    for (std::size_t i = 0; i < out.size(); ++i) {
      shared[i] = std::count(out.begin(), out.end(), out[i]) > 1 && parents[i].has_filename();
      any = any || shared[i];
    }
    if (!any) break;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (!shared[i]) continue;
      out[i] = parents[i].filename().string() + "/" + out[i];
      parents[i] = parents[i].parent_path();
    }
  }
  // The same folder given twice.
  const std::vector<std::string> full = out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto here = full.begin() + static_cast<std::ptrdiff_t>(i);
    const auto before = std::count(full.begin(), here, full[i]);
    if (before > 0) out[i] += fmt::format(" ({})", before + 1);
  }
  return out;
}

std::optional<std::string> setting(const RunRecord& run, const std::string& key) {
  for (const auto& one : run.settings)
    if (one.key == key) return one.value;
  return {};
}

std::vector<Difference> differences_of(const std::vector<RunRecord>& runs) {
  std::vector<std::string> keys;
  for (const auto& run : runs)
    for (const auto& one : run.settings)
      if (std::find(keys.begin(), keys.end(), one.key) == keys.end()) keys.push_back(one.key);
  std::vector<Difference> out;
  for (const auto& key : keys) {
    Difference difference{key, {}};
    for (const auto& run : runs) difference.values.push_back(setting(run, key));
    const auto& values = difference.values;
    if (std::any_of(values.begin(), values.end(),
                    [&](const auto& value) { return value != values[0]; }))
      out.push_back(std::move(difference));
  }
  return out;
}

}  // namespace

Comparison compare_runs(const std::vector<std::filesystem::path>& folders) {
  if (folders.empty())
    throw Error(Category::config, "no runs to compare; give the folders of two or more");
  Comparison out;
  std::string problems;
  for (const auto& folder : folders) {
    try {
      out.runs.push_back(read_run(folder));
    } catch (const Error& error) {
      if (error.category() != Category::config) throw;
      problems += (problems.empty() ? "" : "\n") + std::string(error.what());
    }
  }
  if (!problems.empty()) throw Error(Category::config, problems);
  out.names = distinct_names(out.runs);
  for (const auto& run : out.runs)
    for (const auto& column : run.metrics.columns())
      if (column != "seconds" &&
          std::find(out.columns.begin(), out.columns.end(), column) == out.columns.end())
        out.columns.push_back(column);
  out.differences = differences_of(out.runs);
  return out;
}

std::string rounds_text(const RunRecord& run) {
  const auto done = run.rounds_done(), planned = run.rounds_planned();
  return planned > done ? fmt::format("{} of {}", done, planned) : std::to_string(done);
}

double kept_value(const RunRecord& run, const std::string& column) {
  if (run.metrics.empty()) return std::numeric_limits<double>::quiet_NaN();
  return run.metrics.at(run.kept_round(), column);
}

}  // namespace onager::host
