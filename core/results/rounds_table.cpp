// SPDX-License-Identifier: MIT
#include "base/files.hpp"
#include "base/text.hpp"
#include "results/sweep_record.hpp"

#include <algorithm>

namespace onager::host {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Metrics metrics_of(const PointRecord& point) {
  const auto file = point.folder / "metrics.csv";
  return Metrics::from_csv(read_file(file), file.string());
}

void add_new(std::vector<std::string>& names, const std::vector<std::string>& others) {
  for (const auto& name : others)
    if (!contains(names, name)) names.push_back(name);
}

}  // namespace

Table rounds_table(const std::vector<PointRecord>& points, const Table& sweep,
                   const std::vector<std::string>& columns, std::vector<std::string>& known) {
  std::vector<std::size_t> finished;
  std::vector<Metrics> all;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].status != "finished") continue;
    finished.push_back(i);
    all.push_back(metrics_of(points[i]));
    add_new(known, {all.back().unit()});
    add_new(known, all.back().columns());
  }
  const std::vector<std::string> of_metrics = known;
  add_new(known, sweep.columns);

  Table out;
  for (const auto& column : columns)
    if (contains(known, column)) out.columns.push_back(column);
  for (std::size_t k = 0; k < finished.size(); ++k)
    for (const auto round : all[k].rounds()) {
      out.rows.emplace_back();
      for (const auto& column : out.columns) {
        if (column == all[k].unit()) out.rows.back().push_back(std::to_string(round));
        else if (contains(of_metrics, column))
          out.rows.back().push_back(all[k].has(round, column) ? number(all[k].at(round, column))
                                                              : "");
        else out.rows.back().push_back(sweep.rows[finished[k]][sweep.find(column)]);
      }
    }
  return out;
}

}  // namespace onager::host
