// SPDX-License-Identifier: MIT
#include "results/sweep_figure.hpp"

#include "base/text.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace onager::host {

namespace {

constexpr int guide_points = 40;  // of a fit that is no straight line on its axes

Scale scale_of(FigureScale scale) {
  return scale == FigureScale::logarithmic ? Scale::logarithmic : Scale::linear;
}

void sort_by_x(FigureGroup& group) {
  std::vector<std::size_t> order(group.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return group.x[a] < group.x[b]; });
  FigureGroup sorted;
  for (const auto i : order) {
    sorted.x.push_back(group.x[i]);
    sorted.y.push_back(group.y[i]);
  }
  group.x = std::move(sorted.x);
  group.y = std::move(sorted.y);
}

std::optional<PowerLaw> law_of(const FigureGroup& group, double from) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < group.x.size(); ++i) {
    if (group.x[i] < from) continue;
    x.push_back(group.x[i]);
    y.push_back(group.y[i]);
  }
  return fit_power(x, y);
}

Curve curve_of(const FigureGroup& group, FigureBand band) {
  Curve out;
  bool several = false;
  for (std::size_t begin = 0; begin < group.x.size();) {
    std::size_t end = begin;
    double sum = 0, low = std::numeric_limits<double>::infinity(), high = -low;
    for (; end < group.x.size() && group.x[end] == group.x[begin]; ++end) {
      sum += group.y[end];
      low = std::min(low, group.y[end]);
      high = std::max(high, group.y[end]);
    }
    const auto count = static_cast<double>(end - begin);
    const double mean = sum / count;
    if (band == FigureBand::deviation && end - begin > 1) {
      double squares = 0;
      for (std::size_t i = begin; i < end; ++i)
        squares += (group.y[i] - mean) * (group.y[i] - mean);
      const double deviation = std::sqrt(squares / (count - 1));
      low = mean - deviation;
      high = mean + deviation;
    }
    several = several || end - begin > 1;
    out.x.push_back(group.x[begin]);
    out.y.push_back(mean);
    out.low.push_back(low);
    out.high.push_back(high);
    begin = end;
  }
  if (!several) {
    out.low.clear();
    out.high.clear();
  }
  return out;
}

Curve guide_of(const FigureGroup& group, double from) {
  Curve out;
  double low = std::numeric_limits<double>::infinity();
  for (const double x : group.x)
    if (x >= from && x > 0) low = std::min(low, x);
  for (int i = 0; i <= guide_points; ++i) {
    const double share = static_cast<double>(i) / guide_points;
    out.x.push_back(low * std::pow(group.x.back() / low, share));
    out.y.push_back(group.law->at(out.x.back()));
  }
  return out;
}

}  // namespace

DrawnFigure draw_figure(const Figure& figure, const Table& table) {
  DrawnFigure out;
  out.figure = figure;
  const auto column = [&](const char* key, const std::string& name) {
    const std::size_t found = table.find(name);
    if (found == table.columns.size())
      out.problems.push_back(fmt::format("{} = {} is no column of the table{}", key,
                                         toml_string(name), did_you_mean(name, table.columns)));
    return found;
  };
  const std::size_t x = column("x", figure.x), y = column("y", figure.y);
  const std::size_t group = figure.group.empty() ? 0 : column("group", figure.group);
  if (!out.problems.empty()) return out;
  const std::size_t status = table.find("status");
  std::map<std::string, std::size_t> places;
  std::size_t unreadable = 0;
  for (const auto& row : table.rows) {
    if (status < table.columns.size() && row[status] != "finished") continue;
    const std::string name = figure.group.empty() ? "" : row[group];
    const auto [place, fresh] = places.emplace(name, out.groups.size());
    if (fresh) out.groups.push_back({name, {}, {}, {}});
    const auto at = number_of(row[x]), value = number_of(row[y]);
    const auto usable = [](const std::optional<double>& number, FigureScale scale) {
      return number && std::isfinite(*number) && (scale == FigureScale::linear || *number > 0);
    };
    if (!usable(at, figure.x_scale) || !usable(value, figure.y_scale)) {
      ++unreadable;
      continue;
    }
    out.groups[place->second].x.push_back(*at);
    out.groups[place->second].y.push_back(*value);
  }
  if (unreadable > 0)
    out.problems.push_back(
        fmt::format("{} of the finished points {} not drawn: x or y is empty or no number{}",
                    unreadable, unreadable == 1 ? "is" : "are",
                    figure.x_scale == FigureScale::linear && figure.y_scale == FigureScale::linear
                        ? ""
                        : ", or not above 0 on a logarithmic axis"));
  for (auto& one : out.groups) {
    sort_by_x(one);
    if (figure.fit != FigureFit::power) continue;
    one.law = law_of(one, figure.fit_from);
    if (!one.law)
      out.problems.push_back(
          fmt::format("no power law {}{}: it takes two different {} above 0{}",
                      one.name.empty() ? "is fitted" : "is fitted to ", one.name, figure.x,
                      figure.fit_from > 0 ? ", of at least " + number(figure.fit_from) : ""));
  }
  return out;
}

std::string title_of(const Figure& figure) {
  if (!figure.title.empty()) return figure.title;
  return capital(column_words(figure.y)) + " over " + column_words(figure.x);
}

LinePlot plot_of(const DrawnFigure& drawn) {
  const Figure& figure = drawn.figure;
  LinePlot out;
  out.width = 680;
  out.height = 380;
  out.x_name = column_words(figure.x);
  out.y_name = column_words(figure.y);
  out.x_scale = scale_of(figure.x_scale);
  out.y_scale = scale_of(figure.y_scale);
  for (std::size_t i = 0; i < drawn.groups.size(); ++i) {
    const FigureGroup& group = drawn.groups[i];
    Curve curve = curve_of(group, figure.band);
    curve.name = group.name;
    curve.style = static_cast<int>(i);
    if (group.law) {
      curve.name += (curve.name.empty() ? "" : ": ") + exponent_text(*group.law);
      out.guides.push_back(guide_of(group, figure.fit_from));
      out.guides.back().style = curve.style;
    }
    out.curves.push_back(std::move(curve));
  }
  return out;
}

std::string column_words(const std::string& column) {
  if (column == "peak_memory_bytes") return "peak memory, bytes";
  const std::string phase = "seconds.";
  if (column.compare(0, phase.size(), phase) == 0)
    return "seconds, " + metric_words(column.substr(phase.size()));
  const auto dot = column.rfind('.');
  if (dot == std::string::npos) return metric_words(column);
  // "optimizer.use" is which optimizer
  if (column.substr(dot) == ".use") return column_words(column.substr(0, dot));
  return metric_words(column.substr(dot + 1));
}

std::string exponent_text(const PowerLaw& law) {
  if (!std::isfinite(law.standard_error)) return fmt::format("{:.2f}", law.exponent);
  int decimals = 2;
  if (law.standard_error > 0)
    decimals = std::clamp(-static_cast<int>(std::floor(std::log10(law.standard_error))), 2, 5);
  return fmt::format("{:.{}f} ± {:.{}f}", law.exponent, decimals, law.standard_error, decimals);
}

std::string fits_text(const std::vector<DrawnFigure>& figures) {
  std::string out;
  for (const auto& drawn : figures) {
    const auto has_law = [](const FigureGroup& group) { return group.law.has_value(); };
    if (!std::any_of(drawn.groups.begin(), drawn.groups.end(), has_law)) continue;
    out += fmt::format("{} = a ({})^b\n", drawn.figure.y, drawn.figure.x);
    for (const auto& group : drawn.groups)
      if (group.law)
        out +=
            fmt::format("  {}{}b = {}  ({} points)\n", group.name, group.name.empty() ? "" : "  ",
                        exponent_text(*group.law), group.law->points);
  }
  return out;
}

}  // namespace onager::host
