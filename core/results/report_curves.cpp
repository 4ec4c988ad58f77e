// SPDX-License-Identifier: MIT
#include "results/report_curves.hpp"

#include "base/text.hpp"
#include "results/html.hpp"
#include "results/line_plot.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::host {

namespace {

constexpr double most_decades = 6;  // in one plot; else its curves are drawn apart

/// Columns that belong into one plot: those of the train and the test split of one quantity.
struct Panel {
  std::string quantity;  // "accuracy", "mse", or the column itself
  std::vector<std::string> columns;
  bool large = false;
};

std::string split_of(const std::string& column) {
  const std::string quantity = quantity_of(column);
  return column == quantity ? column : column.substr(0, column.size() - quantity.size() - 1);
}

/// One colour for a split in all plots, the first for what matters most.
int style_of(const std::string& split) { return split == "test" ? 0 : split == "train" ? 1 : 2; }

/// Of the rows that have one.
std::vector<double> values_of(const Metrics& metrics, const std::string& column) {
  std::vector<double> out;
  for (const auto round : metrics.rounds())
    if (metrics.has(round, column)) out.push_back(metrics.at(round, column));
  return out;
}

/// Decades between the least and the largest positive value of some columns.
double decades(const Metrics& metrics, const std::vector<std::string>& columns) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const auto& column : columns)
    for (const double value : values_of(metrics, column)) {
      if (!std::isfinite(value) || value <= 0) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  return high > 0 ? std::log10(high / low) : 0;
}

std::vector<Panel> panels_of(const Metrics& metrics) {
  std::vector<Panel> joint;
  for (const auto& column : metrics.columns()) {
    const std::string quantity = quantity_of(column);
    const bool large = quantity == "accuracy" || quantity == "mse";
    auto found = std::find_if(joint.begin(), joint.end(),
                              [&](const Panel& panel) { return panel.quantity == quantity; });
    if (found == joint.end()) found = joint.insert(joint.end(), Panel{quantity, {}, large});
    found->columns.push_back(column);
  }
  std::vector<Panel> out;
  for (auto& panel : joint) {
    std::stable_sort(panel.columns.begin(), panel.columns.end(), [](const auto& a, const auto& b) {
      return style_of(split_of(a)) < style_of(split_of(b));
    });
    if (panel.columns.size() > 1 && decades(metrics, panel.columns) > most_decades) {
      for (const auto& column : panel.columns)
        out.push_back({panel.quantity, {column}, panel.large && &column == &panel.columns[0]});
    } else {
      out.push_back(std::move(panel));
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Panel& a, const Panel& b) {
    return (a.quantity == "accuracy") > (b.quantity == "accuracy");
  });
  return out;
}

bool constant(const Metrics& metrics, const std::string& column) {
  const auto values = values_of(metrics, column);
  return std::all_of(values.begin(), values.end(),
                     [&](double value) { return value == values[0] || !std::isfinite(value); });
}

std::string panel_figure(const RunRecord& run, const Panel& panel) {
  LinePlot plot;
  plot.x_name = run.metrics.unit();
  const bool alone = panel.columns.size() == 1;
  plot.y_name = metric_words(alone ? panel.columns[0] : panel.quantity);
  std::size_t not_finite = 0;
  for (const auto& column : panel.columns) {
    Curve curve;
    curve.name = alone ? "" : split_of(column);
    curve.style = column == panel.quantity ? -1 : style_of(split_of(column));
    for (const auto round : run.metrics.rounds())
      if (run.metrics.has(round, column)) curve.x.push_back(static_cast<double>(round));
    curve.y = values_of(run.metrics, column);
    for (const double value : curve.y)
      if (!std::isfinite(value)) ++not_finite;
    plot.curves.push_back(std::move(curve));
  }
  if (panel.quantity == "accuracy") plot.y_range = accuracy_range(plot.curves);
  if (!panel.large) {
    plot.width = 350;
    plot.height = 210;
  }
  std::string caption;
  if (not_finite > 0)
    caption = fmt::format("{} value{} not finite, and not drawn.", not_finite,
                          not_finite == 1 ? " is" : "s are");
  return html_figure(inline_svg(line_plot_svg(plot)), caption);
}

/// Marks the round that is kept, which may not be among those shown yet.
void add_kept(std::int64_t round, std::vector<std::pair<std::int64_t, std::string>>& shown) {
  const auto at =
      std::find_if(shown.begin(), shown.end(), [&](const auto& one) { return one.first >= round; });
  if (at != shown.end() && at->first == round) at->second += ", kept";
  else shown.insert(at, {round, "kept"});
}

}  // namespace

std::optional<std::pair<double, double>> accuracy_range(const std::vector<Curve>& curves) {
  double low = 1, high = 0;
  for (const auto& curve : curves)
    for (const double value : curve.y) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  const bool near_the_top = low >= 0.8 && low < high;
  if (low < 0 || high > 1 || near_the_top) return {};
  return std::pair(0.0, 1.0);
}

std::string metrics_table(const RunRecord& run) {
  const Metrics& metrics = run.metrics;
  const Score score = score_of(metrics);
  std::vector<std::pair<std::int64_t, std::string>> shown;
  const auto first = metrics.rounds().front(), last = metrics.rounds().back();
  const auto best = score.column.empty() ? last : best_round(metrics, score);
  const bool learns = run.summary && run.summary->learns;
  const bool rounds = metrics.unit() == "round";
  shown.emplace_back(first, !learns || first != 0 ? "first"
                            : rounds              ? "features as given"
                                                  : "as it starts");
  if (best != first && best != last) shown.emplace_back(best, "best " + metric_words(score.column));
  if (last != first)
    shown.emplace_back(last, best == last && !score.column.empty() ? "last, and best" : "last");
  if (run.summary && run.summary->validation_samples > 0) add_kept(run.kept_round(), shown);
  std::vector<std::vector<std::string>> rows = {{""}};
  for (const auto& [round, note] : shown)
    rows[0].push_back(fmt::format("{} {}<br>{}", metrics.unit(), round, escaped(note)));
  for (const auto& column : metrics.columns()) {
    rows.push_back({escaped(metric_words(column))});
    for (const auto& one : shown)
      rows.back().push_back(readable_metric(column, metrics.at(one.first, column)));
  }
  return html_table(rows, Cells::numbers);
}

std::string metrics_curves(const RunRecord& run) {
  if (run.metrics.rounds().size() < 2) return "";
  std::string large, small;
  std::vector<std::string> constants;
  for (const auto& panel : panels_of(run.metrics)) {
    const std::string& column = panel.columns[0];
    if (panel.large) large += panel_figure(run, panel);
    else if (panel.columns.size() == 1 && constant(run.metrics, column))
      constants.push_back(fmt::format(
          "{} = {}", escaped(metric_words(column)),
          readable_metric(column, run.metrics.at(run.metrics.rounds().front(), column))));
    else small += panel_figure(run, panel);
  }
  std::string out;
  if (!large.empty()) out += "<div class=\"two\">\n" + large + "</div>\n";
  if (!small.empty()) out += "<div class=\"three\">\n" + small + "</div>\n";
  if (!constants.empty())
    out += fmt::format("<p class=\"under\">The same in all {}s: {}.</p>\n", run.metrics.unit(),
                       joined(constants));
  return out;
}

}  // namespace onager::host
