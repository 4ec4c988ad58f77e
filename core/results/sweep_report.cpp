// SPDX-License-Identifier: MIT
#include "results/sweep_report.hpp"

#include "base/text.hpp"
#include "results/html.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace onager::host {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::size_t count(const std::vector<PointRecord>& points, const std::string& status) {
  return static_cast<std::size_t>(
      std::count_if(points.begin(), points.end(),
                    [&](const PointRecord& point) { return point.status == status; }));
}

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

std::string fit_table(const DrawnFigure& drawn) {
  Rows rows = {{escaped(drawn.figure.group.empty() ? "" : column_words(drawn.figure.group)),
                "exponent", "standard error", "points"}};
  for (const auto& group : drawn.groups)
    if (group.law)
      rows.push_back({escaped(group.name), fmt::format("{:.3f}", group.law->exponent),
                      readable(group.law->standard_error), std::to_string(group.law->points)});
  return rows.size() == 1 ? "" : html_table(rows, Cells::numbers);
}

std::string caption(const DrawnFigure& drawn) {
  const Figure& figure = drawn.figure;
  std::string out;
  const bool fitted = std::any_of(drawn.groups.begin(), drawn.groups.end(),
                                  [](const FigureGroup& group) { return group.law.has_value(); });
  if (fitted) {
    out = fmt::format("Dotted: least squares of log {} on log {}", escaped(figure.y),
                      escaped(figure.x));
    if (figure.fit_from > 0) out += fmt::format(" from {}", number(figure.fit_from));
    out += "; exponent ± standard error.";
  }
  const bool bands =
      std::any_of(drawn.groups.begin(), drawn.groups.end(), [](const FigureGroup& group) {
        return std::adjacent_find(group.x.begin(), group.x.end()) != group.x.end();
      });
  if (bands)
    out += fmt::format("{}Mean of the points with equal {}; band: {}.", out.empty() ? "" : " ",
                       escaped(figure.x),
                       figure.band == FigureBand::range ? "least to largest"
                                                        : "one standard deviation either side");
  return out;
}

std::string figure_section(const DrawnFigure& drawn) {
  std::string out = "<h2>" + escaped(title_of(drawn.figure)) + "</h2>\n";
  for (const auto& problem : drawn.problems)
    out += "<div class=\"note\">" + escaped(problem) + "</div>\n";
  if (!drawn.groups.empty())
    out += html_figure(line_plot_svg(plot_of(drawn)), caption(drawn)) + fit_table(drawn);
  return out;
}

std::string shown(const std::string& column, const std::string& text) {
  const auto value = number_of(text);
  if (!value) return escaped(text);
  if (column == "peak_memory_bytes") return bytes(*value);
  // a swept value, such as 20000, is shown as it is
  return column.find('.') != std::string::npos && column.compare(0, 7, "seconds") != 0
             ? escaped(text)
             : readable_metric(column, *value);
}

/// Without the messages, which stand above it, and columns that are empty.
std::string points_table(const Table& table) {
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
    for (const auto i : columns) rows.back().push_back(shown(table.columns[i], row[i]));
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

}  // namespace

std::string sweep_sentence(const std::vector<PointRecord>& points) {
  double seconds = 0, memory = 0;
  for (const auto& point : points) {
    if (!point.summary) continue;
    seconds += point.summary->total_seconds;
    memory = std::max(memory, static_cast<double>(point.summary->peak_memory));
  }
  std::string out = fmt::format("{} of {} point{} finished", count(points, "finished"),
                                points.size(), points.size() == 1 ? "" : "s");
  for (const char* status : {"failed", "interrupted", "missing"})
    if (const auto here = count(points, status); here > 0)
      out += fmt::format(", {} {}", here, status);
  out += fmt::format("; {} of run time in all", duration(seconds));
  if (memory > 0) out += fmt::format(", at most {} of memory", bytes(memory));
  return out;
}

std::string sweep_html(const Sweep& sweep, const std::vector<PointRecord>& points,
                       const Table& table, const std::vector<DrawnFigure>& figures,
                       const std::vector<Verdict>& verdicts) {
  const std::string title = sweep.file.stem().string();
  std::string body = fmt::format("<h1>{}</h1>\n<p class=\"under\">Sweep of {}</p>\n",
                                 escaped(title), escaped(sweep.file.filename().string()));
  body += "<p class=\"result\">" + escaped(sweep_sentence(points)) + ".</p>\n";
  body += verdicts_html(verdicts);
  for (const auto& figure : figures) body += figure_section(figure);
  body += "<h2>Points</h2>\n" + points_table(table) + notes(points);
  body += "<h2>Configuration</h2>\n";
  if (!sweep.overrides.empty()) {
    std::string list;
    for (const auto& one : sweep.overrides) list += (list.empty() ? "" : "\n") + one;
    body += "<p>With these values set on the command line:</p>\n<pre>" + escaped(list) + "</pre>\n";
  }
  body += "<pre>" + escaped(sweep.text) + "</pre>\n";
  body += plugins_section(points) + machine_section(points);
  return html_page(title + " · sweep · Onager", body);
}

}  // namespace onager::host
