// SPDX-License-Identifier: MIT
#include "results/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace onager::host {

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Letters on the screen: bytes that do not continue a UTF-8 character.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

/// Columns two spaces apart, the first `left` of them aligned left, the others right.
std::string aligned(const Rows& rows, std::size_t left) {
  std::vector<std::size_t> widths(rows.at(0).size(), 0);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string fill(widths[i] - width_of(row[i]), ' ');
      line += (i == 0 ? "" : "  ") + (i < left ? row[i] + fill : fill + row[i]);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string text_of(double value) { return std::isnan(value) ? "-" : fmt::format("{:.6g}", value); }

std::string run_notes(const Comparison& all) {
  std::string out;
  for (std::size_t i = 0; i < all.runs.size(); ++i) {
    const RunRecord& run = all.runs[i];
    if (run.status() == "finished") continue;
    std::string why = run.summary ? run.summary->message
                                  : "has no summary.json: it is still going on, or was killed";
    out += fmt::format("{}: {}{}{}\n", all.names[i], run.summary ? run.status() : "",
                       run.summary && !why.empty() ? ": " : "", why);
  }
  return out;
}

std::string differences_text(const Comparison& all) {
  Rows rows = {{"setting"}};
  rows[0].insert(rows[0].end(), all.names.begin(), all.names.end());
  for (const auto& difference : all.differences) {
    rows.push_back({difference.key});
    for (const auto& value : difference.values) rows.back().push_back(value.value_or("-"));
  }
  return "\nWhat differs in their config.toml:\n\n" + aligned(rows, rows[0].size());
}

}  // namespace

std::string compare_text(const Comparison& all) {
  Rows rows = {{"run", "status", units_of(all)}};
  if (all.is_long())
    for (const auto& difference : all.differences) rows[0].push_back(difference.key);
  rows[0].insert(rows[0].end(), all.columns.begin(), all.columns.end());
  rows[0].push_back("seconds");
  for (std::size_t i = 0; i < all.runs.size(); ++i) {
    const RunRecord& run = all.runs[i];
    rows.push_back({all.names[i], run.status(), rounds_text(run)});
    if (all.is_long())
      for (const auto& difference : all.differences)
        rows.back().push_back(difference.values[i].value_or("-"));
    for (const auto& column : all.columns) rows.back().push_back(text_of(kept_value(run, column)));
    rows.back().push_back(run.summary ? fmt::format("{:.2f}", run.summary->total_seconds) : "-");
  }
  std::string out = aligned(rows, 2);
  if (const std::string notes = run_notes(all); !notes.empty()) out += "\n" + notes;
  if (all.runs.size() < 2) return out;
  if (all.differences.empty()) return out + "\nTheir config.toml do not differ.\n";
  return all.is_long() ? out : out + differences_text(all);
}

std::string compare_json(const Comparison& all) {
  using Json = nlohmann::ordered_json;
  Json runs = Json::array();
  for (std::size_t i = 0; i < all.runs.size(); ++i) {
    const RunRecord& run = all.runs[i];
    Json metrics = Json::object();
    for (const auto& column : run.metrics.columns())
      if (column != "seconds") metrics[column] = kept_value(run, column);
    runs.push_back({{"name", all.names[i]},
                    {"path", run.path.string()},
                    {"status", run.status()},
                    {"message", run.summary ? run.summary->message : ""},
                    {"rounds_done", run.rounds_done()},
                    {"rounds_planned", run.rounds_planned()},
                    {"metrics", metrics},
                    {"seconds", run.summary ? Json(run.summary->total_seconds) : Json()}});
  }
  Json differences = Json::array();
  for (const auto& difference : all.differences) {
    Json values = Json::object();
    for (std::size_t i = 0; i < all.names.size(); ++i)
      values[all.names[i]] = difference.values[i] ? Json(*difference.values[i]) : Json();
    differences.push_back({{"key", difference.key}, {"values", values}});
  }
  const Json out = {{"runs", runs}, {"differences", differences}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace onager::host
