// SPDX-License-Identifier: MIT
#include "results/sweep_report.hpp"

#include "base/text.hpp"
#include "results/figure_svg.hpp"
#include "results/html.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace onager::host {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string notes(const std::vector<PointRecord>& points) {
  std::string out;
  for (const auto& point : points) {
    if (point.status != "finished" && !point.message.empty())
      out += fmt::format("<div class=\"note\"><b>{}</b> {}: {}</div>\n", escaped(point.name),
                         point.status, escaped(point.message));
    if (point.summary)
      for (const auto& warning : point.summary->warnings)
        out += fmt::format("<div class=\"note\"><b>{}</b>: {}</div>\n", escaped(point.name),
                           escaped(warning));
  }
  return out;
}

/// A swept value, such as 20000, is shown as it is.
std::string shown(const std::string& column, const std::string& text, bool swept) {
  const auto value = number_of(text);
  if (!value || swept) return escaped(text);
  return column == "peak_memory_bytes" ? bytes(*value) : readable_metric(column, *value);
}

/// Without the messages, which stand above it, and columns that are empty.
std::string points_table(const Table& table, const std::vector<std::string>& swept) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (table.columns[i] != "message" &&
        std::any_of(table.rows.begin(), table.rows.end(),
                    [&](const auto& row) { return !row[i].empty(); }))
      columns.push_back(i);
  Rows rows(1);
  for (const auto i : columns) rows[0].push_back(escaped(table.columns[i]));
  for (const auto& row : table.rows) {
    rows.emplace_back();
    for (const auto i : columns) {
      const std::string& column = table.columns[i];
      const bool is_swept = std::find(swept.begin(), swept.end(), column) != swept.end();
      rows.back().push_back(shown(column, row[i], is_swept));
    }
  }
  return html_table(rows, Cells::numbers);
}

std::string plugins_section(const std::vector<PointRecord>& points) {
  std::map<std::string, std::vector<std::string>> plugins;  // by id, version and hash
  for (const auto& point : points)
    for (int i = 0;; ++i) {
      const auto field = [&](const char* name) {
        return escaped(value_of(point.lock, fmt::format("plugin[{}].{}", i, name)));
      };
      if (field("id").empty()) break;
      plugins[field("id") + field("version") + field("sha256")] = {
          field("id"), field("version"), field("abi"), "<code>" + field("sha256") + "</code>"};
    }
  Rows rows = {{"plugin", "version", "ABI", "SHA-256"}};
  for (const auto& plugin : plugins) rows.push_back(plugin.second);
  return rows.size() == 1 ? "" : "<h2>Plugins</h2>\n" + html_table(rows, Cells::facts);
}

std::string machine_section(const std::vector<PointRecord>& points) {
  std::vector<std::string> seen;
  Rows rows = {{"processor", "threads of a point", "BLAS", "system", "host", "Onager", "compiler",
                "points"}};
  for (const auto& point : points) {
    if (!point.summary) continue;
    const Machine& m = point.summary->machine;
    const std::string key = m.cpu + '\n' + m.host + '\n' + m.onager_version + '\n' + m.compiler +
                            '\n' + m.blas + fmt::format("\n{}", m.threads);
    const auto at = std::find(seen.begin(), seen.end(), key) - seen.begin();
    if (static_cast<std::size_t>(at) == seen.size()) {
      seen.push_back(key);
      rows.push_back({escaped(m.cpu), std::to_string(m.threads), escaped(m.blas), escaped(m.system),
                      escaped(m.host), escaped(m.onager_version), escaped(m.compiler), "0"});
    }
    std::string& points_there = rows[static_cast<std::size_t>(at) + 1].back();
    points_there = std::to_string(std::stoll(points_there) + 1);
  }
  return rows.size() == 1 ? "" : "<h2>Machine</h2>\n" + html_table(rows, Cells::facts);
}

/// The pipeline file, with what varies marked.
std::string configuration(const SweepFile& file) {
  std::string lines;
  for (const auto& line : file.lines)
    lines +=
        (file.varies(line) ? "<mark>" + escaped(line.text) + "</mark>" : escaped(line.text)) + "\n";
  return "<h2>Configuration</h2>\n<p>Marked: what varies, and the values that it takes. The "
         "<code>config.toml</code> of a point has all defaults.</p>\n<pre>" +
         lines + "</pre>\n";
}

}  // namespace

std::string sweep_html(const SweepFile& file, const SweepResults& results) {
  std::string body = fmt::format("<h1>{}</h1>\n<p class=\"under\">Sweep</p>\n", escaped(file.name));
  body += "<p class=\"result\">" + escaped(sweep_sentence(results.points)) + ".</p>\n";
  body += verdicts_html(results.verdicts) + figure_sections(results.figures);
  body += "<h2>Points</h2>\n" + points_table(results.table, file.columns) + notes(results.points);
  body += configuration(file);
  body += plugins_section(results.points) + machine_section(results.points);
  return html_page(file.name + " · sweep · Onager", body);
}

}  // namespace onager::host
