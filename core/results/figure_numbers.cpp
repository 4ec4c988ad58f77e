// SPDX-License-Identifier: MIT
#include "base/text.hpp"
#include "results/figure_data.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::host {

std::vector<FigureMean> means_of(const FigureCurve& curve, FigureBand band) {
  std::vector<FigureMean> out;
  for (std::size_t begin = 0; begin < curve.x.size();) {
    std::size_t end = begin;
    double sum = 0;
    FigureMean one;
    one.x = curve.x[begin];
    one.low = std::numeric_limits<double>::infinity();
    one.high = -one.low;
    for (; end < curve.x.size() && curve.x[end] == one.x; ++end) {
      sum += curve.y[end];
      one.low = std::min(one.low, curve.y[end]);
      one.high = std::max(one.high, curve.y[end]);
    }
    one.count = end - begin;
    one.mean = sum / static_cast<double>(one.count);
    if (band != FigureBand::range) {
      double squares = 0;
      for (std::size_t i = begin; i < end; ++i)
        squares += (curve.y[i] - one.mean) * (curve.y[i] - one.mean);
      const double deviation = band == FigureBand::deviation && one.count > 1
                                   ? std::sqrt(squares / static_cast<double>(one.count - 1))
                                   : 0;
      one.low = one.mean - deviation;
      one.high = one.mean + deviation;
    }
    out.push_back(one);
    begin = end;
  }
  return out;
}

Table table_of(const FigureData& data) {
  Table out;
  const auto place_name = [](const FigureAxisValues& values, double at) {
    return values.names.empty() ? number(at) : values.names[static_cast<std::size_t>(at)];
  };
  if (data.figure.z) {
    out.columns = {"panel", "x", "y", "z", "rows"};
    for (const auto& panel : data.panels)
      for (const auto& cell : panel.cells)
        out.rows.push_back({panel.name, data.x_values.names[cell.x], data.y_values.names[cell.y],
                            number(cell.mean), std::to_string(cell.count)});
    return out;
  }
  out.columns = {"panel", "curve", "x", "y", "low", "high", "rows"};
  for (const auto& panel : data.panels)
    for (const auto& curve : panel.curves)
      for (const auto& one : means_of(curve, data.figure.band))
        out.rows.push_back({panel.name, curve.name, place_name(data.x_values, one.x),
                            number(one.mean), number(one.low), number(one.high),
                            std::to_string(one.count)});
  return out;
}

std::string fits_text(const std::vector<FigureData>& figures) {
  std::string out;
  for (const auto& data : figures) {
    if (!data.has_fits()) continue;
    const std::string y = data.figure.y.size() == 1 ? data.figure.y.front().text() : "y";
    out += fmt::format("{} = a ({})^b\n", y, data.figure.x.text());
    for (const auto& panel : data.panels)
      for (const auto& curve : panel.curves) {
        if (!curve.law) continue;
        std::string name = panel.name;
        if (!curve.name.empty()) name += (name.empty() ? "" : ", ") + curve.name;
        out += fmt::format("  {}{}b = {}  ({} points)\n", name, name.empty() ? "" : "  ",
                           exponent_text(*curve.law), curve.law->points);
      }
  }
  return out;
}

std::string title_of(const Figure& figure) {
  if (!figure.title.empty()) return figure.title;
  const auto words = [](const Expression& expression) {
    return expression.is_column() ? column_words(expression.columns().front()) : expression.text();
  };
  std::vector<std::string> shown;
  if (figure.z) shown.push_back(words(*figure.z));
  else
    for (const auto& y : figure.y) shown.push_back(words(y));
  return capital(joined(shown)) + " over " + words(figure.x) +
         (figure.z && !figure.y.empty() ? " and " + words(figure.y.front()) : "");
}

std::string exponent_text(const PowerLaw& law) {
  if (!std::isfinite(law.standard_error)) return fmt::format("{:.2f}", law.exponent);
  int decimals = 2;
  if (law.standard_error > 0)
    decimals = std::clamp(-static_cast<int>(std::floor(std::log10(law.standard_error))), 2, 5);
  return fmt::format("{:.{}f} ± {:.{}f}", law.exponent, decimals, law.standard_error, decimals);
}

}  // namespace onager::host
