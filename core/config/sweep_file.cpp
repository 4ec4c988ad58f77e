// SPDX-License-Identifier: MIT
#include "config/sweep_file.hpp"

#include "config/document.hpp"
#include "config/sweep_table.hpp"

#include <algorithm>

namespace onager::host {

bool SweepFile::varies(const TomlLine& line) const {
  const std::string sweep = "sweep.";
  if (line.path.compare(0, sweep.size(), sweep) == 0)
    return line.path != sweep + "zip" && line.path != sweep + "skip";
  // "optimizer.use" varies where "optimizer" is swept, and the other way round
  const auto leads_to = [](const std::string& path, const std::string& below) {
    return below.compare(0, path.size(), path) == 0 &&
           (below.size() == path.size() || below[path.size()] == '.' || below[path.size()] == '[');
  };
  return !line.path.empty() &&
         std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
           return leads_to(line.path, column) || leads_to(column, line.path);
         });
}

SweepFile read_sweep_file(const std::filesystem::path& file) {
  SweepFile out;
  const Node root = read_document(file);
  Problems problems;
  out.figures = read_figures(root, problems);
  out.expectations = read_expectations(root, out.figures, problems);
  const auto table = read_sweep_table(root, problems);
  problems.throw_if_any(file.string());
  if (table) out.columns = swept_columns(*table);
  out.name = file.stem().string();
  out.lines = lines_of(root);
  return out;
}

}  // namespace onager::host
