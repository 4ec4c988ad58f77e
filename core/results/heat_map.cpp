// SPDX-License-Identifier: MIT
#include "results/heat_map.hpp"

#include "results/axis.hpp"
#include "results/colour_scale.hpp"
#include "results/html.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

constexpr double letter = 6.8;  // pixels, of the 12 pixel font, on the generous side

std::string image(double x, double y, double width, double height, const std::string& address) {
  return fmt::format(
      "<image x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
      "preserveAspectRatio=\"none\" style=\"image-rendering: pixelated\" href=\"{}\"/>\n",
      x, y, width, height, address);
}

class Drawing {
 public:
  explicit Drawing(const HeatMap& map)
      : map_(map), scale_(colour_scale(map.grid)), axes_(!map.row_name.empty()) {
    const auto& grid = map.grid;
    grouped_ = axes_ && grid.rows == grid.cols && map.groups.size() > 1;
    const double longer = static_cast<double>(std::max(grid.rows, grid.cols));
    const double least = map.least_side;
    width_ = std::max(least, map.size * static_cast<double>(grid.cols) / longer);
    height_ = std::max(least, map.size * static_cast<double>(grid.rows) / longer);
    left_ = (axes_ ? 60 : 1) + (grouped_ ? 18 : 0);
    top_ = grouped_ ? 22 : 8;
  }

  Drawn draw() const {
    const double total_width = left_ + width_ + 30 + 12 + 62;
    const double total_height = top_ + height_ + (axes_ ? 44 : 8);
    Drawn out;
    out.svg = fmt::format(
        "<svg width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
        "{1:.0f}\" role=\"img\" aria-label=\"heat map, {2} x {3}\">\n",
        total_width, total_height, map_.grid.rows, map_.grid.cols);
    const Grid pixels = averaged(map_.grid, map_.most_pixels);
    out.svg += image(left_, top_, width_, height_,
                     png_address(coloured(pixels, scale_), scale_.palette()));
    out.svg += fmt::format(
        "<rect class=\"frame\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
        "height=\"{:.1f}\"/>\n",
        left_, top_, width_, height_);
    if (axes_) out.svg += indices();
    if (grouped_) out.svg += groups();
    out.svg += colour_bar() + "</svg>";
    out.remarks = remarks(pixels);
    return out;
  }

 private:
  /// Ticks in the middle of their row or column; indices count from 0.
  std::string indices() const {
    std::string out;
    const auto axis_of = [](std::size_t count, double length) {
      return index_axis(0, static_cast<double>(count) - 1,
                        std::max(2, static_cast<int>(length / 48)));
    };
    const auto cols = static_cast<double>(map_.grid.cols);
    const auto rows = static_cast<double>(map_.grid.rows);
    for (const auto& tick : axis_of(map_.grid.cols, width_).ticks) {
      if (tick.value > cols - 1) continue;
      out += fmt::format(
          "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}v4\"/><text class=\"tick\" "
          "x=\"{0:.1f}\" y=\"{2:.1f}\" text-anchor=\"middle\">{3}</text>\n",
          left_ + width_ * (tick.value + 0.5) / cols, top_ + height_, top_ + height_ + 18,
          tick.label);
    }
    const double axis_left = left_;
    for (const auto& tick : axis_of(map_.grid.rows, height_).ticks) {
      if (tick.value > rows - 1) continue;
      const double y = top_ + height_ * (tick.value + 0.5) / rows;
      out += fmt::format(
          "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}h-4\"/><text class=\"tick\" "
          "x=\"{2:.1f}\" y=\"{3:.1f}\" text-anchor=\"end\">{4}</text>\n",
          axis_left, y, axis_left - 7, y + 4, tick.label);
    }
    return out + fmt::format(
                     "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>"
                     "<text transform=\"translate(13 {:.1f}) rotate(-90)\" "
                     "text-anchor=\"middle\">{}</text>\n",
                     left_ + width_ / 2, top_ + height_ + 37, escaped(map_.column_name),
                     top_ + height_ / 2, escaped(map_.row_name));
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
      const double length = letter * static_cast<double>(group.name.size());
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
    const Axis axis = linear_axis(scale_.low, scale_.high,
                                  std::max(2, static_cast<int>(length / 34)), Ends::as_given);
    for (const auto& tick : axis.ticks) {
      const double y = top_ + length * (1 - axis.place(tick.value));
      out += fmt::format(
          "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}h4\"/>"
          "<text class=\"tick\" x=\"{2:.1f}\" y=\"{3:.1f}\">{4}</text>\n",
          x + 12, y, x + 19, y + 4, tick.label);
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
    if (missing > 0) out += fmt::format(" {} entries are not numbers and drawn grey.", missing);
    return out;
  }

  const HeatMap& map_;
  ColourScale scale_;
  bool axes_, grouped_ = false;
  double width_ = 0, height_ = 0, left_ = 0, top_ = 0;
};

}  // namespace

Drawn heat_map_svg(const HeatMap& map) { return Drawing(map).draw(); }

}  // namespace onager::host
