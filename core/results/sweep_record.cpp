// SPDX-License-Identifier: MIT
#include "results/sweep_record.hpp"

#include "base/characters.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace onager::host {

namespace {

/// Cells of rows whose columns come in any order, in columns by their first occurrence.
class Rows {
 public:
  void add_row() { rows_.emplace_back(); }
  void set(const std::string& column, const std::string& text) {
    const auto [found, fresh] = index_.emplace(column, columns_.size());
    if (fresh) columns_.push_back(column);
    rows_.back()[found->second] = text;
  }
  /// These columns, if there are no others of the name, to the right of `other`'s.
  void append_to(Table& out) const {
    const std::size_t first = out.columns.size();
    for (const auto& column : columns_) {
      std::string name = column;
      while (out.has(name)) name = "metric." + name;
      out.columns.push_back(name);
    }
    out.rows.resize(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      out.rows[i].resize(out.columns.size());
      for (const auto& [column, text] : rows_[i]) out.rows[i][first + column] = text;
    }
  }

 private:
  std::vector<std::string> columns_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::map<std::size_t, std::string>> rows_;
};

std::string one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c != '\n' && c != '\r') out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  return printable(out);
}

}  // namespace

void read_point(const std::filesystem::path& folder, PointRecord& point) {
  const RunRecord run = read_run(folder);
  point.status = run.status();
  point.summary = run.summary;
  point.lock = run.lock;
  if (run.summary) point.message = run.summary->message;
  point.metrics.clear();
  point.length = {};
  if (run.metrics.empty()) return;
  point.length = {run.metrics.unit() + "s", std::to_string(run.rounds_done())};
  const auto kept = run.kept_round();
  for (const auto& column : run.metrics.columns())
    if (column != "seconds")
      point.metrics.push_back(
          {column, run.metrics.has(kept, column) ? number(run.metrics.at(kept, column)) : ""});
}

Table sweep_table(const std::vector<PointRecord>& points) {
  Rows swept, metrics, costs, ends;
  for (const auto& point : points) {
    for (Rows* rows : {&swept, &metrics, &costs, &ends}) rows->add_row();
    swept.set("point", point.name);
    for (const auto& cell : point.cells) swept.set(cell.column, cell.text);
    for (const auto& cell : point.metrics) metrics.set(cell.column, cell.text);
    if (!point.length.column.empty()) costs.set(point.length.column, point.length.text);
    const auto& summary = point.summary;
    costs.set("seconds", summary ? number(summary->total_seconds) : "");
    if (summary)
      for (const auto& [phase, seconds] : summary->seconds)
        costs.set("seconds." + phase, number(seconds));
    ends.set("peak_memory_bytes",
             summary && summary->peak_memory > 0 ? std::to_string(summary->peak_memory) : "");
    ends.set("status", point.status);
    ends.set("warnings", summary ? std::to_string(summary->warnings.size()) : "");
    ends.set("message", one_line(point.message));
  }
  Table out;
  for (const Rows* rows : {&swept, &metrics, &costs, &ends}) rows->append_to(out);
  return out;
}

}  // namespace onager::host
