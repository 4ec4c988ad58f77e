// SPDX-License-Identifier: MIT
#include "results/figure_lines.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace onager::host {

namespace {

constexpr double same = 1e-9;  // relative: rounding of an expression

/// Of equal numbers it is that number, without rounding.
struct Mean {
  double value = 0, count = 0;

  void add(double one) {
    count += 1;
    value += (one - value) / count;
  }
};

/// Means of a line's value at each place along the other axis.
using Means = std::map<double, double>;

Means means_along(const std::vector<LineRow>& rows, const std::string* group, std::size_t line,
                  bool vertical) {
  std::map<double, Mean> means;
  for (const auto& row : rows) {
    if (group != nullptr && row.group != *group) continue;
    const auto value = (vertical ? row.at_x : row.at_y)[line];
    if (!value || !std::isfinite(*value)) continue;
    means[vertical ? row.y : row.x].add(*value);
  }
  Means out;
  for (const auto& [place, mean] : means) out[place] = mean.value;
  return out;
}

bool agree(double a, double b) {
  return std::fabs(a - b) <= same * std::max(std::fabs(a), std::fabs(b));
}

bool constant(const Means& means) {
  return std::all_of(means.begin(), means.end(),
                     [&](const auto& one) { return agree(one.second, means.begin()->second); });
}

/// Whether two groups have the same values wherever both have one.
bool agree(const Means& a, const Means& b) {
  return std::all_of(a.begin(), a.end(), [&](const auto& one) {
    const auto other = b.find(one.first);
    return other == b.end() || agree(one.second, other->second);
  });
}

class LineMaker {
 public:
  LineMaker(const FigureData& data, const std::vector<LineRow>& rows) : data_(data), rows_(rows) {
    for (const auto& row : rows)
      if (std::find(groups_.begin(), groups_.end(), row.group) == groups_.end())
        groups_.push_back(row.group);
  }

  void add(const Expression& expression, std::size_t line, bool vertical,
           std::vector<FigureLine>& out) const {
    std::vector<Means> by_group;
    for (const auto& group : groups_)
      by_group.push_back(means_along(rows_, &group, line, vertical));
    const bool one_for_all = std::all_of(by_group.begin(), by_group.end(), [&](const Means& means) {
      return std::all_of(by_group.begin(), by_group.end(),
                         [&](const Means& other) { return agree(means, other); });
    });
    if (one_for_all)
      return add(expression.text(), std::nullopt, means_along(rows_, nullptr, line, vertical),
                 vertical, out);
    for (std::size_t i = 0; i < groups_.size(); ++i)
      add(expression.text() + ", " + groups_[i], style_of(groups_[i]), by_group[i], vertical, out);
  }

 private:
  std::optional<std::size_t> style_of(const std::string& group) const {
    for (const auto& panel : data_.panels)
      for (const auto& curve : panel.curves)
        if (curve.group == group) return curve.style;
    return std::nullopt;
  }

  void add(const std::string& name, std::optional<std::size_t> style, const Means& means,
           bool vertical, std::vector<FigureLine>& out) const {
    if (means.empty()) return;
    FigureLine line;
    line.name = name;
    line.style = style;
    const bool heat_map = data_.figure.z.has_value();
    const FigureAxisValues& axis = vertical ? data_.x_values : data_.y_values;
    const FigureScale scale = vertical ? data_.figure.x_scale : data_.figure.y_scale;
    const auto placed = [&](double value) {
      return heat_map ? axis.place(value, scale) : std::optional(value);
    };
    // Curves have no place along y that a vertical line could depend on.
    if (constant(means) || (vertical && !heat_map)) {
      Mean mean;
      for (const auto& one : means) mean.add(one.second);
      const auto at = placed(mean.value);
      if (!at) return;
      (vertical ? line.x : line.y).push_back(*at);
    } else {
      for (const auto& [place, value] : means) {
        const auto at = placed(value);
        if (!at) continue;
        line.x.push_back(vertical ? *at : place);
        line.y.push_back(vertical ? place : *at);
      }
    }
    if (!line.x.empty() || !line.y.empty()) out.push_back(std::move(line));
  }

  const FigureData& data_;
  const std::vector<LineRow>& rows_;
  std::vector<std::string> groups_;
};

}  // namespace

std::vector<FigureLine> reference_lines(const Figure& figure, const FigureData& data,
                                        const std::vector<LineRow>& rows) {
  std::vector<FigureLine> out;
  const LineMaker maker(data, rows);
  for (std::size_t i = 0; i < figure.x_lines.size(); ++i)
    maker.add(figure.x_lines[i], i, true, out);
  for (std::size_t i = 0; i < figure.y_lines.size(); ++i)
    maker.add(figure.y_lines[i], i, false, out);
  return out;
}

}  // namespace onager::host
