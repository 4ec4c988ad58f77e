// SPDX-License-Identifier: MIT
#include "results/compare.hpp"
#include "results/figure_svg.hpp"
#include "results/html.hpp"
#include "results/line_plot.hpp"
#include "results/readable.hpp"
#include "results/report_curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace onager::host {

namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::ptrdiff_t fixed = 3;  // columns before settings and metrics

std::string runs_table(const Comparison& all) {
  Rows rows = {{"run", "status", units_of(all)}};
  for (const auto& column : all.columns) rows[0].push_back(escaped(metric_words(column)));
  rows[0].push_back("seconds");
  if (all.is_long()) {
    std::vector<std::string> keys;
    for (const auto& difference : all.differences)
      keys.push_back("<code>" + escaped(difference.key) + "</code>");
    rows[0].insert(rows[0].begin() + fixed, keys.begin(), keys.end());
  }
  for (std::size_t i = 0; i < all.runs.size(); ++i) {
    const RunRecord& run = all.runs[i];
    rows.push_back({escaped(all.names[i]), run.status(), rounds_text(run)});
    if (all.is_long())
      for (const auto& difference : all.differences)
        rows.back().push_back(escaped(difference.values[i].value_or("–")));
    for (const auto& column : all.columns)
      rows.back().push_back(readable_metric(column, kept_value(run, column)));
    rows.back().push_back(run.summary ? fmt::format("{:.2f}", run.summary->total_seconds) : "–");
  }
  return html_table(rows, Cells::numbers);
}

std::string notes(const Comparison& all) {
  std::string out;
  for (std::size_t i = 0; i < all.runs.size(); ++i) {
    const RunRecord& run = all.runs[i];
    if (run.status() == "finished") continue;
    const std::string why =
        run.summary
            ? run.status() + (run.summary->message.empty() ? "" : ": ") + run.summary->message
            : "no summary.json: the run is still going on, or was killed";
    out += fmt::format("<div class=\"note\"><b>{}</b>: {}</div>\n", escaped(all.names[i]),
                       escaped(why));
  }
  return out;
}

/// One curve a run. A run without the column keeps its place, so that colours mean the same in all
/// plots.
std::vector<Curve> curves_of(const Comparison& all, const std::string& column) {
  std::vector<Curve> out;
  for (std::size_t i = 0; i < all.runs.size(); ++i) {
    const Metrics& metrics = all.runs[i].metrics;
    const auto columns = metrics.columns();
    Curve curve;
    curve.name = all.names[i];
    if (std::find(columns.begin(), columns.end(), column) != columns.end())
      for (const auto round : metrics.rounds()) {
        if (!metrics.has(round, column)) continue;
        curve.x.push_back(static_cast<double>(round));
        curve.y.push_back(metrics.at(round, column));
      }
    out.push_back(std::move(curve));
  }
  return out;
}

std::string figure(const Comparison& all, const std::string& column) {
  LinePlot plot;
  plot.x_name = units_of(all, "");
  plot.y_name = metric_words(column);
  plot.curves = curves_of(all, column);
  if (column.find("accuracy") != std::string::npos) plot.y_range = accuracy_range(plot.curves);
  if (!is_main_column(column)) {
    plot.width = 350;
    plot.height = 220;
  }
  const bool any = std::any_of(plot.curves.begin(), plot.curves.end(),
                               [](const Curve& curve) { return curve.x.size() > 1; });
  return any ? html_figure(inline_svg(line_plot_svg(plot)), "") : "";
}

std::string curves(const Comparison& all) {
  std::string large, small;
  for (const auto& column : main_columns())
    if (std::find(all.columns.begin(), all.columns.end(), column) != all.columns.end())
      large += figure(all, column);
  for (const auto& column : all.columns)
    if (!is_main_column(column)) small += figure(all, column);
  std::string out;
  if (!large.empty()) out += "<div class=\"two\">\n" + large + "</div>\n";
  if (!small.empty()) out += "<div class=\"three\">\n" + small + "</div>\n";
  return out.empty() ? out : "<h2>Over the " + units_of(all) + "</h2>\n" + out;
}

std::string differences_table(const Comparison& all) {
  if (all.runs.size() < 2 || all.is_long()) return "";
  const std::string heading = "<h2>What differs in config.toml</h2>\n";
  if (all.differences.empty()) return heading + "<p>Nothing.</p>\n";
  Rows rows = {{"setting"}};
  for (const auto& name : all.names) rows[0].push_back(escaped(name));
  for (const auto& difference : all.differences) {
    rows.push_back({"<code>" + escaped(difference.key) + "</code>"});
    for (const auto& value : difference.values)
      rows.back().push_back(value ? "<code>" + escaped(*value) + "</code>" : "–");
  }
  return heading + html_table(rows, Cells::facts);
}

}  // namespace

std::string compare_html(const Comparison& all) {
  const std::string title =
      fmt::format("{} run{} compared", all.runs.size(), all.runs.size() == 1 ? "" : "s");
  std::string body = "<h1>" + title +
                     "</h1>\n<p class=\"under\">Metrics of the round that "
                     "each run keeps: the last, or the best on its validation samples.</p>\n";
  body += runs_table(all) + notes(all) + differences_table(all) + figure_sections(all.figures);
  if (!all.is_long()) body += curves(all);
  return html_page(title + " · Onager", body);
}

}  // namespace onager::host
