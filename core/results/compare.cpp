// SPDX-License-Identifier: MIT
#include "results/compare.hpp"

#include "base/layout.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace onager::host {

namespace {

using Rows = std::vector<std::vector<std::string>>;

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

std::string differences_text(const Comparison& all, std::size_t most) {
  Rows rows = {{"setting"}};
  rows[0].insert(rows[0].end(), all.names.begin(), all.names.end());
  for (const auto& difference : all.differences) {
    rows.push_back({difference.key});
    for (const auto& value : difference.values) rows.back().push_back(value.value_or("-"));
  }
  return "\nWhat differs in their config.toml:\n\n" + text_table(rows, {1, rows[0].size(), most});
}

}  // namespace

std::string compare_text(const Comparison& all, std::size_t most) {
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
  std::string out = text_table(rows, {1, 2, most});
  if (const std::string notes = run_notes(all); !notes.empty()) out += "\n" + wrapped(notes, most);
  if (all.runs.size() < 2) return out;
  if (all.differences.empty()) return out + "\nTheir config.toml do not differ.\n";
  return all.is_long() ? out : out + differences_text(all, most);
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
