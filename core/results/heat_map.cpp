// SPDX-License-Identifier: MIT
#include "results/heat_map.hpp"

#include "results/colour_scale.hpp"
#include "results/feature_ranking.hpp"
#include "results/html.hpp"
#include "results/plot_marks.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

constexpr std::size_t longest_name = 18;   // letters beside the picture
constexpr std::size_t most_hovers = 2500;  // cells that say their value under the pointer

std::string image(double x, double y, double width, double height, const std::string& address) {
  return fmt::format(
      "<image x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
      "preserveAspectRatio=\"none\" style=\"image-rendering: pixelated\" href=\"{}\"/>\n",
      x, y, width, height, address);
}

class Drawing {
 public:
  explicit Drawing(const HeatMap& map)
      : map_(map),
        logarithmic_(map.value_scale == Scale::logarithmic),
        grid_(logarithmic_ ? logarithms(map.grid) : map.grid),
        scale_(scale_of(map, grid_)),
        axes_(!map.row_name.empty()) {
    const auto& grid = map.grid;
    // lines around single features would hide them
    grouped_ = axes_ && grid.rows == grid.cols && map.groups.size() > 1 &&
               !features_named(map.groups, grid.rows);
    const double longer = static_cast<double>(std::max(grid.rows, grid.cols));
    const double least = map.least_side;
    width_ = std::max(least, map.size * static_cast<double>(grid.cols) / longer);
    height_ = std::max(least, map.size * static_cast<double>(grid.rows) / longer);
    if (map.sides.first > 0) {
      width_ = map.sides.first;
      height_ = map.sides.second;
    }
    left_ = (axes_ ? 60 : 1) + (grouped_ ? 18 : 0);
    for (const auto& name : map.row_values)
      left_ = std::max(
          left_, 34 + letter_width * static_cast<double>(std::min(letters(name), longest_name)));
    top_ = grouped_ || !map.heading.empty() || !map.value_name.empty() ? 26 : 8;
  }

  Drawn draw() const {
    Drawn out;
    out.svg.width = left_ + width_ + 30 + 12 + 62;
    out.svg.height = top_ + height_ + (axes_ ? 44 : 8);
    out.svg.label = fmt::format("heat map, {} x {}", map_.grid.rows, map_.grid.cols);
    const Grid pixels = averaged(grid_, map_.most_pixels);
    std::string& svg = out.svg.body;
    svg += image(left_, top_, width_, height_,
                 png_address(coloured(pixels, scale_), scale_.palette()));
    svg += fmt::format(
        "<rect class=\"frame\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
        "height=\"{:.1f}\"/>\n",
        left_, top_, width_, height_);
    if (axes_) svg += column_ticks() + row_ticks() + axis_names();
    if (grouped_) svg += groups();
    for (const auto& line : map_.lines) svg += reference(line);
    if (!map_.row_values.empty() && grid_.values.size() <= most_hovers) svg += hovers();
    if (!map_.heading.empty())
      svg += fmt::format("<text x=\"{:.1f}\" y=\"18\" font-weight=\"600\">{}</text>\n", left_,
                         escaped(map_.heading));
    svg += colour_bar();
    out.remarks = remarks(pixels);
    return out;
  }

 private:
  static Grid logarithms(Grid grid) {
    for (double& value : grid.values) value = std::log10(value);
    return grid;
  }

  static ColourScale scale_of(const HeatMap& map, const Grid& grid) {
    if (map.row_values.empty()) return colour_scale(grid);
    if (!map.value_range) return value_colours(grid);
    const bool logarithmic = map.value_scale == Scale::logarithmic;
    const auto at = [&](double value) { return logarithmic ? std::log10(value) : value; };
    return value_colours({1, 2, {at(map.value_range->first), at(map.value_range->second)}});
  }

  /// Ticks in the middle of their row or column: indices from 0, or the values' names, of which
  /// those are left out that have no room.
  static std::vector<Tick> ticks(std::size_t count, const std::vector<std::string>& names,
                                 double length, double room) {
    std::vector<Tick> out;
    if (names.empty()) {
      const Axis axis =
          index_axis(0, static_cast<double>(count) - 1, std::max(2, static_cast<int>(length / 48)));
      for (const auto& tick : axis.ticks)
        if (tick.value <= static_cast<double>(count) - 1) out.push_back(tick);
      return out;
    }
    const double each = length / static_cast<double>(count);
    const auto step = static_cast<std::size_t>(std::max(1.0, std::ceil(room / each)));
    for (std::size_t i = 0; i < names.size(); i += step)
      out.push_back({static_cast<double>(i), escaped(shortened(names[i], longest_name))});
    return out;
  }

  double column_at(double place) const {
    return left_ + width_ * (place + 0.5) / static_cast<double>(grid_.cols);
  }
  double row_at(double place) const {
    return top_ + height_ * (place + 0.5) / static_cast<double>(grid_.rows);
  }

  std::string column_ticks() const {
    std::size_t longest = 0;
    for (const auto& name : map_.column_values)
      longest = std::max(longest, std::min(letters(name), longest_name));
    std::string out;
    for (const auto& tick : ticks(grid_.cols, map_.column_values, width_,
                                  letter_width * static_cast<double>(longest) + 8))
      out += fmt::format(
          "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}v4\"/><text class=\"tick\" "
          "x=\"{0:.1f}\" y=\"{2:.1f}\" text-anchor=\"middle\">{3}</text>\n",
          column_at(tick.value), top_ + height_, top_ + height_ + 18, tick.label);
    return out;
  }

  std::string row_ticks() const {
    std::string out;
    for (const auto& tick : ticks(grid_.rows, map_.row_values, height_, 16)) {
      const double y = row_at(tick.value);
      out += fmt::format(
          "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}h-4\"/><text class=\"tick\" "
          "x=\"{2:.1f}\" y=\"{3:.1f}\" text-anchor=\"end\">{4}</text>\n",
          left_, y, left_ - 7, y + 4, tick.label);
    }
    return out;
  }

  std::string axis_names() const {
    return fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>"
        "<text transform=\"translate(13 {:.1f}) rotate(-90)\" "
        "text-anchor=\"middle\">{}</text>\n",
        left_ + width_ / 2, top_ + height_ + 37, escaped(map_.column_name), top_ + height_ / 2,
        escaped(map_.row_name));
  }

  std::string reference(const ReferenceLine& line) const {
    std::string path;
    double x = 0, y = 0;
    const auto to = [&](double at_x, double at_y) {
      x = at_x;
      y = at_y;
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x, y);
    };
    if (line.y.empty() && !line.x.empty()) {
      to(column_at(line.x[0]), top_ + height_);
      to(column_at(line.x[0]), top_);
    } else if (line.x.empty() && !line.y.empty()) {
      to(left_, row_at(line.y[0]));
      to(left_ + width_, row_at(line.y[0]));
    } else {
      for (std::size_t i = 0; i < line.x.size(); ++i) to(column_at(line.x[i]), row_at(line.y[i]));
    }
    if (path.find('L') == std::string::npos) return "";
    const double length = letter_width * static_cast<double>(letters(line.name));
    return fmt::format(
        "<path class=\"halo\" d=\"{0}\"/><path class=\"reference\" d=\"{0}\" "
        "style=\"stroke: var(--ink)\"/>"
        "<text class=\"remark\" x=\"{1:.1f}\" y=\"{2:.1f}\" text-anchor=\"end\">{3}</text>\n",
        path, std::clamp(x - 4, left_ + length, left_ + width_ - 2),
        std::clamp(y - 5, top_ + 12, top_ + height_ - 4), escaped(line.name));
  }

  std::string hovers() const {
    std::string out;
    const double w = width_ / static_cast<double>(grid_.cols);
    const double h = height_ / static_cast<double>(grid_.rows);
    for (std::size_t i = 0; i < grid_.rows; ++i)
      for (std::size_t j = 0; j < grid_.cols; ++j)
        out += fmt::format(
            "<rect class=\"hover\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\">"
            "<title>{} {}, {} {}: {}</title></rect>\n",
            left_ + w * static_cast<double>(j), top_ + h * static_cast<double>(i), w, h,
            escaped(map_.column_name), escaped(map_.column_values[j]), escaped(map_.row_name),
            escaped(map_.row_values[i]), readable(map_.grid.at(i, j)));
    return out;
  }

  std::string groups() const {
    std::string out;
    const auto total = static_cast<double>(map_.grid.cols);
    for (const auto& group : map_.groups) {
      const double begin = static_cast<double>(group.first) / total;
      const double end = static_cast<double>(group.first + group.count) / total;
      if (begin < 0 || end > 1) continue;
      for (const double edge : {begin, end}) {
        if (edge <= 0 || edge >= 1) continue;
        out += fmt::format(
            "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}v{2:.1f}M{3:.1f} {4:.1f}"
            "h{5:.1f}\" stroke-dasharray=\"4 3\"/>\n",
            left_ + width_ * edge, top_, height_, left_, top_ + height_ * edge, width_);
      }
      const std::string name = escaped(group.name);
      const double length = letter_width * static_cast<double>(group.name.size());
      if (length < width_ * (end - begin))
        out += fmt::format(
            "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\" "
            "font-weight=\"600\">{}</text>\n",
            left_ + width_ * (begin + end) / 2, top_ - 7, name);
      if (length < height_ * (end - begin))
        out += fmt::format(
            "<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" "
            "text-anchor=\"middle\" font-weight=\"600\">{}</text>\n",
            left_ - 44, top_ + height_ * (begin + end) / 2, name);
    }
    return out;
  }

  std::string colour_bar() const {
    Picture bar;
    bar.width = 1;
    bar.height = last_colour + 1u;
    for (std::uint32_t i = 0; i < bar.height; ++i)
      bar.pixels.push_back(static_cast<std::uint8_t>(last_colour - i));
    const double x = left_ + width_ + 30;
    const double length = std::min(height_, 260.0);
    std::string out = image(x, top_, 12, length, png_address(bar, scale_.palette()));
    out += fmt::format(
        "<rect class=\"frame\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"12\" "
        "height=\"{:.1f}\"/>\n",
        x, top_, length);
    const int most = std::max(2, static_cast<int>(length / 34));
    for (const auto& tick : logarithmic_ ? powers_of_ten(most) : numbers(most)) {
      const double y = top_ + length * (1 - (tick.value - scale_.low) / (scale_.high - scale_.low));
      out += fmt::format(
          "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}h4\"/>"
          "<text class=\"tick\" x=\"{2:.1f}\" y=\"{3:.1f}\">{4}</text>\n",
          x + 12, y, x + 19, y + 4, tick.label);
    }
    if (!map_.value_name.empty())
      out += fmt::format(
          "<text x=\"{:.1f}\" y=\"18\" text-anchor=\"end\">{}</text>\n", x + 70,
          escaped(shortened(map_.value_name, static_cast<std::size_t>(width_ / 10) + 8)));
    return out;
  }

  std::vector<Tick> numbers(int most) const {
    return linear_axis(scale_.low, scale_.high, most, Ends::as_given).ticks;
  }

  /// The colours' scale is one of logarithms, its ticks are of the numbers.
  std::vector<Tick> powers_of_ten(int most) const {
    const Axis axis = scaled_axis({std::pow(10, scale_.low), std::pow(10, scale_.high)},
                                  Scale::logarithmic, most);
    std::vector<Tick> out;
    for (const auto& tick : axis.ticks) {
      const double at = std::log10(tick.value);
      if (at >= scale_.low - 1e-9 && at <= scale_.high + 1e-9) out.push_back({at, tick.label});
    }
    return out;
  }

  std::string remarks(const Grid& pixels) const {
    std::string out;
    if (scale_.clipped)
      out += fmt::format(
          " Colours end at {}{}, the largest value off the diagonal; larger ones on "
          "the diagonal look the same.",
          scale_.diverging ? "±" : "", readable(scale_.high > 0 ? scale_.high : scale_.low));
    if (pixels.rows < map_.grid.rows || pixels.cols < map_.grid.cols)
      out += fmt::format(" Drawn from {} × {} means of neighbouring entries.", pixels.rows,
                         pixels.cols);
    const auto missing = std::count_if(map_.grid.values.begin(), map_.grid.values.end(),
                                       [](double value) { return std::isnan(value); });
    if (missing > 0)
      out += map_.row_values.empty()
                 ? fmt::format(" {} entries are not numbers and drawn grey.", missing)
                 : " Grey: no value.";
    return out;
  }

  const HeatMap& map_;
  const bool logarithmic_;
  const Grid grid_;
  const ColourScale scale_;
  bool axes_, grouped_ = false;
  double width_ = 0, height_ = 0, left_ = 0, top_ = 0;
};

}  // namespace

Drawn heat_map_svg(const HeatMap& map) { return Drawing(map).draw(); }

}  // namespace onager::host
