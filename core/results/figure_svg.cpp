// SPDX-License-Identifier: MIT
#include "results/figure_svg.hpp"

#include "base/text.hpp"
#include "results/heat_map.hpp"
#include "results/html.hpp"
#include "results/line_plot.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::host {

namespace {

constexpr int guide_points = 40;  // of a fit that is no straight line on its axes
constexpr double page_width = 1088;

/// How large the panels are and how many stand side by side.
struct Layout {
  int width, height;
  std::size_t columns;
};

Layout layout_of(std::size_t panels) {
  if (panels < 2) return {680, 380, 1};
  if (panels == 2) return {540, 300, 2};
  return {360, 250, 3};
}

Scale scale_of(FigureScale scale) {
  return scale == FigureScale::logarithmic ? Scale::logarithmic : Scale::linear;
}

Curve guide_of(const FigureCurve& curve, double from) {
  Curve out;
  double low = std::numeric_limits<double>::infinity();
  for (const double x : curve.x)
    if (x >= from && x > 0) low = std::min(low, x);
  for (int i = 0; i <= guide_points; ++i) {
    const double share = static_cast<double>(i) / guide_points;
    out.x.push_back(low * std::pow(curve.x.back() / low, share));
    out.y.push_back(curve.law->at(out.x.back()));
  }
  out.style = static_cast<int>(curve.style);
  return out;
}

Curve curve_of(const FigureCurve& from, FigureBand band) {
  Curve out;
  out.name = from.name;
  if (from.law) out.name += (out.name.empty() ? "" : ": ") + exponent_text(*from.law);
  out.style = static_cast<int>(from.style);
  const auto means = means_of(from, band);
  const bool several =
      std::any_of(means.begin(), means.end(), [](const FigureMean& one) { return one.count > 1; });
  for (const auto& one : means) {
    out.x.push_back(one.x);
    out.y.push_back(one.mean);
    if (!several || band == FigureBand::none) continue;
    out.low.push_back(one.low);
    out.high.push_back(one.high);
  }
  return out;
}

std::vector<ReferenceLine> lines_of(const FigurePanel& panel) {
  std::vector<ReferenceLine> out;
  for (const auto& line : panel.lines)
    out.push_back({line.name, line.x, line.y, line.style ? static_cast<int>(*line.style) : -1});
  return out;
}

LinePlot plot_of(const FigureData& data, const FigurePanel& panel, const Layout& layout) {
  const Figure& figure = data.figure;
  LinePlot out;
  out.width = layout.width;
  out.height = layout.height;
  out.x_name = data.x_name;
  out.y_name = data.y_name;
  out.heading = panel.name;
  out.x_scale = scale_of(figure.x_scale);
  out.y_scale = scale_of(figure.y_scale);
  out.x_values = data.x_values.names;
  if (figure.mark == FigureMark::points) out.mark = Mark::points;
  for (const auto& one : panel.curves) {
    out.curves.push_back(figure.mark == FigureMark::points && data.x_values.names.empty() &&
                                 !figure.over_rounds()
                             ? Curve{one.name, one.x, one.y, static_cast<int>(one.style)}
                             : curve_of(one, figure.band));
    if (one.law) out.guides.push_back(guide_of(one, figure.fit_from));
  }
  out.lines = lines_of(panel);
  return out;
}

/// Makes the axes of all plots reach what any of them shows.
void share_axes(std::vector<LinePlot>& plots) {
  std::vector<double> xs, ys;
  for (const auto& plot : plots) {
    for (const auto& curve : plot.curves) {
      xs.insert(xs.end(), curve.x.begin(), curve.x.end());
      for (const auto* values : {&curve.y, &curve.low, &curve.high})
        ys.insert(ys.end(), values->begin(), values->end());
    }
    for (const auto& line : plot.lines) {
      xs.insert(xs.end(), line.x.begin(), line.x.end());
      ys.insert(ys.end(), line.y.begin(), line.y.end());
    }
  }
  for (auto& plot : plots) {
    plot.x_also = xs;
    plot.y_also = ys;
  }
}

/// What the curves of all panels are, each once.
std::vector<KeyEntry> common_key(const std::vector<LinePlot>& plots) {
  std::vector<KeyEntry> out;
  for (const auto& plot : plots)
    for (const auto& entry : key_entries(plot))
      if (!entry.name.empty() && std::none_of(out.begin(), out.end(), [&](const KeyEntry& other) {
            return other.series == entry.series;
          }))
        out.push_back(entry);
  return out;
}

Svg name_above(const std::string& name) {
  Svg out;
  out.body = fmt::format("<text x=\"4\" y=\"14\">{}</text>\n", escaped(name));
  out.height = name.empty() ? 0 : 22;
  return out;
}

/// Without the fits, which differ from panel to panel: they stand in the table.
std::vector<FigurePanel> without_exponents(std::vector<FigurePanel> panels) {
  for (auto& panel : panels)
    for (auto& curve : panel.curves) curve.law.reset();
  return panels;
}

Svg curves_svg(const FigureData& data) {
  const Layout layout = layout_of(data.panels.size());
  std::vector<LinePlot> plots;
  if (data.panels.size() == 1 && data.panels[0].name.empty())
    return line_plot_svg(plot_of(data, data.panels[0], layout));
  const auto unnamed = without_exponents(data.panels);
  for (std::size_t i = 0; i < data.panels.size(); ++i) {
    plots.push_back(plot_of(data, unnamed[i], layout));
    plots.back().guides = plot_of(data, data.panels[i], layout).guides;
  }
  share_axes(plots);
  std::vector<Svg> drawings;
  for (const auto& plot : plots) drawings.push_back(line_plot_svg(plot));
  Svg out = stacked(name_above(data.y_name), in_rows(drawings, layout.columns));
  out = stacked(out, plot_key(common_key(plots), 58, std::max(out.width, 400.0)));
  out.label = data.y_name + " over " + data.x_name;
  return out;
}

/// The first row of a picture is on top, the least value of an axis below.
HeatMap map_of(const FigureData& data, const FigurePanel& panel, const Layout& layout) {
  HeatMap out;
  const std::size_t rows = data.y_values.names.size(), columns = data.x_values.names.size();
  out.grid = {rows, columns, std::vector<double>(rows * columns, std::nan(""))};
  for (const auto& cell : panel.cells) out.grid.at(rows - 1 - cell.y, cell.x) = cell.mean;
  out.column_name = data.x_name;
  out.row_name = data.y_name;
  out.column_values = data.x_values.names;
  out.row_values.assign(data.y_values.names.rbegin(), data.y_values.names.rend());
  out.sides = {layout.width - 200, layout.height - 80};
  out.value_name = data.z_name;
  out.value_scale = scale_of(data.figure.z_scale);
  out.heading = panel.name;
  out.lines = lines_of(panel);
  for (auto& line : out.lines)
    for (double& y : line.y) y = static_cast<double>(rows) - 1 - y;
  return out;
}

Svg maps_svg(const FigureData& data) {
  Layout layout = layout_of(data.panels.size());
  layout.columns = std::min<std::size_t>(layout.columns, 2);
  if (data.panels.size() > 1) layout.width = static_cast<int>(page_width / 2);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& panel : data.panels)
    for (const auto& cell : panel.cells) {
      low = std::min(low, cell.mean);
      high = std::max(high, cell.mean);
    }
  std::vector<Svg> drawings;
  for (const auto& panel : data.panels) {
    if (panel.cells.empty()) continue;
    HeatMap map = map_of(data, panel, layout);
    map.value_range = {low, high};
    drawings.push_back(heat_map_svg(map).svg);
  }
  Svg out = in_rows(drawings, layout.columns);
  out.label = data.z_name + " over " + data.x_name + " and " + data.y_name;
  return out;
}

bool any_means(const FigureData& data) {
  for (const auto& panel : data.panels) {
    for (const auto& curve : panel.curves)
      if (std::adjacent_find(curve.x.begin(), curve.x.end()) != curve.x.end()) return true;
    for (const auto& cell : panel.cells)
      if (cell.count > 1) return true;
  }
  return false;
}

bool any_missing(const FigureData& data) {
  const std::size_t all = data.x_values.names.size() * data.y_values.names.size();
  return std::any_of(data.panels.begin(), data.panels.end(),
                     [&](const FigurePanel& panel) { return panel.cells.size() < all; });
}

std::string fit_table(const FigureData& data) {
  if (!data.has_fits()) return "";
  std::vector<std::vector<std::string>> rows = {{"", "exponent", "standard error", "points"}};
  for (const auto& panel : data.panels)
    for (const auto& curve : panel.curves) {
      if (!curve.law) continue;
      const std::string name =
          panel.name + (panel.name.empty() || curve.name.empty() ? "" : ", ") + curve.name;
      rows.push_back({escaped(name), fmt::format("{:.3f}", curve.law->exponent),
                      readable(curve.law->standard_error), std::to_string(curve.law->points)});
    }
  return html_table(rows, Cells::numbers);
}

}  // namespace

Svg figure_svg(const FigureData& data) { return data.figure.z ? maps_svg(data) : curves_svg(data); }

std::string figure_caption(const FigureData& data) {
  const Figure& figure = data.figure;
  std::vector<std::string> sentences;
  if (data.has_fits())
    sentences.push_back(fmt::format(
        "Dotted: least squares of log {} on log {}{}; exponent ± standard error.",
        escaped(figure.y.size() == 1 ? figure.y.front().text() : "y"), escaped(figure.x.text()),
        figure.fit_from > 0 ? " from " + number(figure.fit_from) : ""));
  if (any_means(data) && figure.z)
    sentences.push_back("Mean of the points with equal " + escaped(figure.x.text()) + " and " +
                        escaped(figure.y.front().text()) + ".");
  else if (any_means(data) && figure.mark == FigureMark::line)
    sentences.push_back(fmt::format("Mean of the points with equal {}{}", escaped(figure.x.text()),
                                    figure.band == FigureBand::range ? "; band: least to largest."
                                    : figure.band == FigureBand::deviation
                                        ? "; band: one standard deviation either "
                                          "side."
                                        : "."));
  if (figure.z && any_missing(data)) sentences.push_back("Grey: no value.");
  std::string out;
  for (const auto& sentence : sentences) out += (out.empty() ? "" : " ") + sentence;
  return out;
}

std::string figure_section(const FigureData& data) {
  std::string out = "<h2>" + escaped(title_of(data.figure)) + "</h2>\n";
  for (const auto& problem : data.problems)
    out += "<div class=\"note\">" + escaped(problem) + "</div>\n";
  if (!data.panels.empty())
    out += html_figure(inline_svg(figure_svg(data)), figure_caption(data)) + fit_table(data);
  return out;
}

std::string figure_sections(const std::vector<FigureData>& figures) {
  std::string out;
  for (const auto& data : figures) out += figure_section(data);
  return out;
}

}  // namespace onager::host
