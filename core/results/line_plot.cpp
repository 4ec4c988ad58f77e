// SPDX-License-Identifier: MIT
#include "results/line_plot.hpp"

#include "results/axis.hpp"
#include "results/html.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace onager::host {

namespace {

constexpr std::size_t marked_below = 40;   // points of a curve that get a marker each
constexpr std::size_t hover_points = 200;  // at most, of a longer curve
constexpr std::size_t labels_beside = 7;   // more curves get a key below
constexpr double widest_labels = 0.3;      // of the plot; longer names get a key below
constexpr double label_gap = 15;           // pixels from one name to the next
constexpr double letter = 6.8;             // pixels, of the 12 pixel font, on the generous side
constexpr std::size_t longest_name = 24;   // letters beside a curve

/// Whether a byte continues a UTF-8 character.
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string shortened(const std::string& name) {
  if (name.size() <= longest_name) return name;
  std::size_t end = longest_name - 1;
  while (end > 0 && continues(name[end])) --end;
  return name.substr(0, end) + "…";
}

/// Characters of a UTF-8 text.
std::size_t letters(const std::string& text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string colour(std::size_t series) { return fmt::format("var(--s{})", series % 7); }

const char* dashes(std::size_t series) {
  static const char* const kinds[] = {"", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 4\""};
  // The second curve is dashed as well, so that a pair is told apart without colour.
  return kinds[series < 7 ? series % 2 : (series / 7) % 3];
}

std::string marker(std::size_t series, double x, double y) {
  const std::string fill = fmt::format(" fill=\"{}\"", colour(series));
  switch (series % 3) {
    case 0: return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"{}/>", x, y, fill);
    case 1:
      return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"5.6\" height=\"5.6\"{}/>",
                         x - 2.8, y - 2.8, fill);
    default: return fmt::format("<path d=\"M{:.1f} {:.1f}l3.6 6.4h-7.2z\"{}/>", x, y - 4, fill);
  }
}

std::string sample(std::size_t series) {
  return fmt::format("<path class=\"curve\" d=\"M0 6h18\" stroke=\"{}\"{}/>{}", colour(series),
                     dashes(series), marker(series, 9, 6));
}

/// Draws one plot; coordinates in pixels from the top left.
class Drawing {
 public:
  explicit Drawing(const LinePlot& plot) : plot_(plot) {
    std::vector<double> xs, ys;
    std::size_t longest = 0;
    for (const auto& curve : plot.curves) {
      xs.insert(xs.end(), curve.x.begin(), curve.x.end());
      ys.insert(ys.end(), curve.y.begin(), curve.y.end());
      for (const auto* band : {&curve.low, &curve.high})
        ys.insert(ys.end(), band->begin(), band->end());
      longest = std::max(longest, std::min(letters(curve.name), longest_name));
    }
    const double label_width = 34 + letter * static_cast<double>(longest);
    names_beside_ = plot.curves.size() <= labels_beside && longest > 0 &&
                    label_width <= widest_labels * plot.width;
    right_ = plot.width - (names_beside_ ? label_width : 14);
    bottom_ = plot.height - 40.0;
    const int most = std::max(2, static_cast<int>((bottom_ - top_) / 42));
    if (plot.y_range)
      y_ = linear_axis(plot.y_range->first, plot.y_range->second, most, Ends::at_ticks);
    else
      y_ = plot.y_scale ? scaled_axis(with_base(ys), *plot.y_scale, most)
                        : axis_for(with_base(ys), most);
    for (const auto& tick : y_.ticks)
      left_ = std::max(left_, 12 + letter * static_cast<double>(letters(tick.label)));
    const int most_x = std::max(2, static_cast<int>((right_ - left_) / 60));
    x_ = plot.x_scale ? scaled_axis(xs, *plot.x_scale, most_x) : whole_numbers(xs, most_x);
  }

  std::string svg() {
    std::string out = fmt::format(
        "<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
        "aria-label=\"{2} over {3}\">\n",
        plot_.width, plot_.height, escaped(plot_.y_name), escaped(plot_.x_name));
    out += axes();
    for (std::size_t i = 0; i < plot_.curves.size(); ++i) out += band(i);
    for (const auto& one : plot_.guides) out += guide(one);
    for (std::size_t i = 0; i < plot_.curves.size(); ++i)
      out += plot_.mark == Mark::bars ? bars(i) : curve(i);
    if (names_beside_) out += names();
    out += "</svg>";
    if (!names_beside_ && plot_.curves.size() > 1) out += key();
    return out;
  }

 private:
  struct Point {
    double x, y, at, value;
  };

  Axis whole_numbers(const std::vector<double>& xs, int most) const {
    if (xs.empty()) return index_axis(0, 1, 1);
    const auto [low, high] = std::minmax_element(xs.begin(), xs.end());
    const double margin = plot_.mark == Mark::bars ? 0.6 : 0;
    return index_axis(*low - margin, *high + margin, most);
  }

  double px(double x) const { return left_ + (right_ - left_) * x_.place(x); }
  double py(double y) const {
    return bottom_ - (bottom_ - top_) * std::clamp(y_.place(y), -0.02, 1.02);
  }
  static bool on(const Axis& axis, double value) {
    return std::isfinite(value) && (!axis.logarithmic || value > 0);
  }

  /// Bars begin at 0, so 0 belongs to their range.
  std::vector<double> with_base(std::vector<double> ys) const {
    if (plot_.mark == Mark::bars) ys.push_back(0);
    return ys;
  }

  std::string axes() const {
    std::string out;
    for (const auto& tick : y_.ticks) {
      const double y = py(tick.value);
      out += fmt::format(
          "<path class=\"grid\" d=\"M{0:.1f} {1:.1f}H{2:.1f}\"/>"
          "<text class=\"tick\" x=\"{3:.1f}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
          left_, y, right_, left_ - 7, y + 4, tick.label);
    }
    for (const auto& tick : x_.ticks) {
      const double x = px(tick.value);
      out += fmt::format(
          "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}v5\"/>"
          "<text class=\"tick\" x=\"{0:.1f}\" y=\"{2:.1f}\" text-anchor=\"middle\">{3}</text>\n",
          x, bottom_, bottom_ + 18, tick.label);
    }
    for (const double mark : y_.between)
      out += fmt::format("<path class=\"frame\" d=\"M{:.1f} {:.1f}h3\"/>", left_, py(mark));
    for (const double mark : x_.between)
      out += fmt::format("<path class=\"frame\" d=\"M{:.1f} {:.1f}v-3\"/>", px(mark), bottom_);
    return out + fmt::format(
                     "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}V{2:.1f}H{3:.1f}\"/>"
                     "<text x=\"4\" y=\"14\">{4}</text>"
                     "<text x=\"{5:.1f}\" y=\"{6}\" text-anchor=\"middle\">{7}</text>\n",
                     left_, top_, bottom_, right_, escaped(plot_.y_name), (left_ + right_) / 2,
                     plot_.height - 5, escaped(plot_.x_name));
  }

  std::vector<std::vector<Point>> pieces(const Curve& curve) const {
    std::vector<std::vector<Point>> out(1);
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      if (on(x_, curve.x[i]) && on(y_, curve.y[i]))
        out.back().push_back({px(curve.x[i]), py(curve.y[i]), curve.x[i], curve.y[i]});
      else if (!out.back().empty()) out.emplace_back();
    }
    if (out.back().empty()) out.pop_back();
    return out;
  }

  /// Of the points that share a pixel column only the first, lowest, highest and last, which draw
  /// the same line.
  static std::vector<Point> thinned(const std::vector<Point>& points) {
    std::vector<Point> out;
    for (std::size_t begin = 0; begin < points.size();) {
      std::size_t end = begin + 1;
      while (end < points.size() && std::floor(points[end].x) == std::floor(points[begin].x)) ++end;
      std::vector<std::size_t> keep = {begin, end - 1};
      const auto less = [](const Point& a, const Point& b) { return a.y < b.y; };
      const auto first = points.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = points.begin() + static_cast<std::ptrdiff_t>(end);
      const auto [low, high] = std::minmax_element(first, last, less);
      keep.push_back(static_cast<std::size_t>(low - points.begin()));
      keep.push_back(static_cast<std::size_t>(high - points.begin()));
      std::sort(keep.begin(), keep.end());
      keep.erase(std::unique(keep.begin(), keep.end()), keep.end());
      for (const auto i : keep) out.push_back(points[i]);
      begin = end;
    }
    return out;
  }

  std::string hover(const Curve& curve, const Point& point) const {
    return fmt::format("<title>{}{} {}: {}</title>",
                       curve.name.empty() ? "" : escaped(curve.name) + ", ", escaped(plot_.x_name),
                       point.at, readable(point.value));
  }

  std::size_t style(std::size_t place) const {
    const int chosen = plot_.curves[place].style;
    return chosen < 0 ? place : static_cast<std::size_t>(chosen);
  }

  std::string curve(std::size_t place) const {
    const Curve& curve = plot_.curves[place];
    const std::size_t series = style(place);
    const auto all = pieces(curve);
    const bool marked = curve.x.size() < marked_below;
    const std::size_t stride = 1 + curve.x.size() / hover_points;
    std::string out;
    for (const auto& piece : all) {
      std::string path;
      for (const auto& point : thinned(piece))
        path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", point.x, point.y);
      if (piece.size() > 1)
        out += fmt::format("<path class=\"curve\" d=\"{}\" stroke=\"{}\"{}/>\n", path,
                           colour(series), dashes(series));
      for (std::size_t i = 0; i < piece.size(); ++i) {
        const bool drawn = marked || piece.size() == 1;
        if (!drawn && i % stride != 0) continue;
        out += fmt::format(
            "<g>{}<circle class=\"hover\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"7\"/>{}"
            "</g>\n",
            drawn ? marker(series, piece[i].x, piece[i].y) : "", piece[i].x, piece[i].y,
            hover(curve, piece[i]));
      }
    }
    return out;
  }

  /// The space between the curve's low and high values, to its end and back.
  std::string band(std::size_t place) const {
    const Curve& curve = plot_.curves[place];
    std::string there, back;
    for (std::size_t i = 0; i < curve.low.size(); ++i) {
      const bool drawn = on(x_, curve.x[i]) && on(y_, curve.low[i]) && on(y_, curve.high[i]);
      if (!drawn) continue;
      const double x = px(curve.x[i]);
      there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? "M" : "L", x, py(curve.high[i]));
      back = fmt::format("L{:.1f} {:.1f}", x, py(curve.low[i])) + back;
    }
    if (there.empty()) return "";
    return fmt::format("<path class=\"band\" d=\"{}{}Z\" fill=\"{}\"/>\n", there, back,
                       colour(style(place)));
  }

  std::string guide(const Curve& line) const {
    std::string out;
    for (const auto& piece : pieces(line)) {
      std::string path;
      for (const auto& point : piece)
        path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", point.x, point.y);
      out += fmt::format("<path class=\"guide\" d=\"{}\" stroke=\"{}\"/>\n", path,
                         colour(static_cast<std::size_t>(std::max(line.style, 0))));
    }
    return out;
  }

  std::string bars(std::size_t place) const {
    const Curve& curve = plot_.curves[place];
    const double width = std::max(1.0, 0.7 * (px(1) - px(0)));
    const double base = py(std::clamp(0.0, y_.low, y_.high));
    std::string out;
    for (const auto& piece : pieces(curve))
      for (const auto& point : piece)
        out += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\">{}"
            "</rect>\n",
            point.x - width / 2, std::min(point.y, base), width, std::fabs(point.y - base),
            colour(style(place)), hover(curve, point));
    return out;
  }

  /// Names at the height of the curves' last points, moved apart where they would touch.
  std::string names() const {
    std::vector<std::size_t> order(plot_.curves.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<double> at(order.size(), (top_ + bottom_) / 2);
    for (const auto i : order) {
      const auto all = pieces(plot_.curves[i]);
      if (!all.empty()) at[i] = all.back().back().y;
    }
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return at[a] < at[b]; });
    for (std::size_t k = 1; k < order.size(); ++k)
      at[order[k]] = std::max(at[order[k]], at[order[k - 1]] + label_gap);
    double limit = bottom_;
    for (std::size_t k = order.size(); k-- > 0; limit -= label_gap)
      at[order[k]] = std::min(at[order[k]], limit);
    std::string out;
    for (const auto i : order)
      out += fmt::format(
          "<g transform=\"translate({:.1f} {:.1f})\">{}"
          "<text x=\"22\" y=\"10\">{}<title>{}</title></text></g>\n",
          right_ + 8, at[i] - 6, sample(style(i)), escaped(shortened(plot_.curves[i].name)),
          escaped(plot_.curves[i].name));
    return out;
  }

  std::string key() const {
    std::string out = "<div class=\"key\">";
    for (std::size_t i = 0; i < plot_.curves.size(); ++i)
      out += fmt::format("<span><svg width=\"18\" height=\"12\">{}</svg>{}</span>",
                         sample(style(i)), escaped(plot_.curves[i].name));
    return out + "</div>";
  }

  const LinePlot& plot_;
  Axis x_, y_;
  bool names_beside_ = false;
  double left_ = 58, top_ = 28, right_ = 0, bottom_ = 0;
};

}  // namespace

std::string line_plot_svg(const LinePlot& plot) { return Drawing(plot).svg(); }

}  // namespace onager::host
