// SPDX-License-Identifier: MIT
#include "results/line_plot.hpp"

#include "results/html.hpp"
#include "results/plot_marks.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace onager::host {

namespace {

constexpr std::size_t marked_below = 40;   // points of a curve that get a marker each
constexpr std::size_t hover_points = 200;  // at most, of a longer curve
constexpr std::size_t labels_beside = 7;   // more curves get a key below
constexpr double widest_labels = 0.3;      // of the plot; longer names get a key below
constexpr double label_gap = 15;           // pixels from one name to the next
constexpr std::size_t longest_name = 24;   // letters below an axis
constexpr double turned = 0.5;  // sine of the angle of names that do not fit side by side

std::size_t style_of(const std::vector<Curve>& curves, std::size_t place) {
  const int chosen = curves[place].style;
  return chosen < 0 ? place : static_cast<std::size_t>(chosen);
}

bool joins_points(const LinePlot& plot) {
  return plot.mark == Mark::lines && plot.x_values.empty();
}

/// Draws one plot; coordinates in pixels from the top left.
class Drawing {
 public:
  explicit Drawing(const LinePlot& plot) : plot_(plot) {
    find_margins();
    std::vector<double> xs = plot.x_also, ys = plot.y_also;
    for (const auto& curve : plot.curves) {
      xs.insert(xs.end(), curve.x.begin(), curve.x.end());
      for (const auto* values : {&curve.y, &curve.low, &curve.high})
        ys.insert(ys.end(), values->begin(), values->end());
    }
    for (const auto& line : plot.lines) {
      xs.insert(xs.end(), line.x.begin(), line.x.end());
      ys.insert(ys.end(), line.y.begin(), line.y.end());
    }
    if (plot.mark == Mark::bars) ys.push_back(0);
    const int most = std::max(2, static_cast<int>((bottom_ - top_) / 42));
    if (plot.y_range)
      y_ = linear_axis(plot.y_range->first, plot.y_range->second, most, Ends::at_ticks);
    else y_ = plot.y_scale ? scaled_axis(ys, *plot.y_scale, most) : axis_for(ys, most);
    for (const auto& tick : y_.ticks)
      left_ = std::max(left_, 12 + letter_width * static_cast<double>(letters(tick.label)));
    const int most_x = std::max(2, static_cast<int>((right_ - left_) / 60));
    if (!plot.x_values.empty()) x_ = named_axis(plot.x_values);
    else x_ = plot.x_scale ? scaled_axis(xs, *plot.x_scale, most_x) : whole_numbers(xs, most_x);
  }

  Svg draw() const {
    Svg out;
    out.width = plot_.width;
    out.height = plot_.height;
    out.label = plot_.y_name + " over " + plot_.x_name;
    out.body = axes();
    for (std::size_t i = 0; i < plot_.curves.size(); ++i) out.body += spread(i);
    for (const auto& line : plot_.lines) out.body += reference(line);
    for (const auto& one : plot_.guides) out.body += guide(one);
    for (std::size_t i = 0; i < plot_.curves.size(); ++i)
      out.body += plot_.mark == Mark::bars ? bars(i) : curve(i);
    for (const auto& line : plot_.lines) out.body += remark(line);
    if (names_beside_) out.body += names();
    if (names_beside_ || plot_.curves.size() < 2 || !plot_.heading.empty()) return out;
    const std::string label = out.label;
    out = stacked(out, plot_key(key_entries(plot_), left_, plot_.width));
    out.label = label;
    return out;
  }

 private:
  struct Point {
    double x, y, at, value;
  };

  void find_margins() {
    std::size_t longest = 0, longest_value = 0;
    for (const auto& curve : plot_.curves) longest = std::max(longest, letters(curve.name));
    const double label_width = 34 + letter_width * static_cast<double>(longest);
    names_beside_ = plot_.heading.empty() && plot_.curves.size() <= labels_beside && longest > 0 &&
                    plot_.x_values.empty() && label_width <= widest_labels * plot_.width;
    right_ = plot_.width - (names_beside_ ? label_width : 14);
    bottom_ = plot_.height - 40.0;
    for (const auto& name : plot_.x_values)
      longest_value = std::max(longest_value, std::min(letters(name), longest_name));
    const double room =
        (right_ - left_) / std::max(1.0, static_cast<double>(plot_.x_values.size()));
    const double length = letter_width * static_cast<double>(longest_value);
    values_turned_ = length + 8 > room;
    if (values_turned_) bottom_ -= turned * length;
  }

  /// A place a name, half a place beyond the outer ones.
  static Axis named_axis(const std::vector<std::string>& names) {
    Axis out;
    out.low = -0.5;
    out.high = static_cast<double>(names.size()) - 0.5;
    for (std::size_t i = 0; i < names.size(); ++i)
      out.ticks.push_back({static_cast<double>(i), shortened(names[i], longest_name)});
    return out;
  }

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

  /// How far a curve's points stand beside their name's place, so that curves do not cover each
  /// other.
  double beside(std::size_t place) const {
    if (plot_.x_values.empty() || plot_.curves.size() < 2) return 0;
    const double room = 0.6 * (px(1) - px(0));
    const auto count = static_cast<double>(plot_.curves.size());
    return room * ((static_cast<double>(place) + 0.5) / count - 0.5);
  }

  std::string x_tick(const Tick& tick) const {
    const double x = px(tick.value), y = bottom_ + 18;
    const std::string mark =
        fmt::format("<path class=\"frame\" d=\"M{:.1f} {:.1f}v5\"/>", x, bottom_);
    if (values_turned_)
      return mark + fmt::format(
                        "<text class=\"tick\" transform=\"translate({:.1f} {:.1f}) rotate(-30)\" "
                        "text-anchor=\"end\">{}</text>\n",
                        x + 4, y - 2, escaped(tick.label));
    return mark + fmt::format(
                      "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" "
                      "text-anchor=\"middle\">{}</text>\n",
                      x, y, escaped(tick.label));
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
    for (const auto& tick : x_.ticks) out += x_tick(tick);
    for (const double mark : y_.between)
      out += fmt::format("<path class=\"frame\" d=\"M{:.1f} {:.1f}h3\"/>", left_, py(mark));
    for (const double mark : x_.between)
      out += fmt::format("<path class=\"frame\" d=\"M{:.1f} {:.1f}v-3\"/>", px(mark), bottom_);
    const std::string above =
        plot_.heading.empty()
            ? fmt::format("<text x=\"4\" y=\"14\">{}</text>", escaped(plot_.y_name))
            : fmt::format("<text x=\"{:.1f}\" y=\"18\" font-weight=\"600\">{}</text>", left_,
                          escaped(plot_.heading));
    return out + above +
           fmt::format(
               "<path class=\"frame\" d=\"M{0:.1f} {1:.1f}V{2:.1f}H{3:.1f}\"/>"
               "<text x=\"{4:.1f}\" y=\"{5}\" text-anchor=\"middle\">{6}</text>\n",
               left_, top_, bottom_, right_, (left_ + right_) / 2, plot_.height - 5,
               escaped(plot_.x_name));
  }

  std::vector<std::vector<Point>> pieces(const std::vector<double>& x, const std::vector<double>& y,
                                         double moved) const {
    std::vector<std::vector<Point>> out(1);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (on(x_, x[i]) && on(y_, y[i]))
        out.back().push_back({px(x[i]) + moved, py(y[i]), x[i], y[i]});
      else if (!out.back().empty()) out.emplace_back();
    }
    if (out.back().empty()) out.pop_back();
    return out;
  }

  std::vector<std::vector<Point>> pieces(std::size_t place) const {
    return pieces(plot_.curves[place].x, plot_.curves[place].y, beside(place));
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

  static std::string path_of(const std::vector<Point>& points) {
    std::string out;
    for (const auto& point : points)
      out += fmt::format("{}{:.1f} {:.1f}", out.empty() ? "M" : "L", point.x, point.y);
    return out;
  }

  std::string hover(const Curve& curve, const Point& point) const {
    const auto place = static_cast<std::size_t>(std::max(0.0, point.at));
    const std::string at = place < plot_.x_values.size() ? escaped(plot_.x_values[place])
                                                         : fmt::format("{}", point.at);
    return fmt::format("<title>{}{} {}: {}</title>",
                       curve.name.empty() ? "" : escaped(curve.name) + ", ", escaped(plot_.x_name),
                       at, readable(point.value));
  }

  std::string curve(std::size_t place) const {
    const Curve& curve = plot_.curves[place];
    const std::size_t series = style_of(plot_.curves, place);
    const bool joined = joins_points(plot_);
    const bool marked = !joined || curve.x.size() < marked_below;
    const std::size_t stride = 1 + curve.x.size() / hover_points;
    std::string out;
    for (const auto& piece : pieces(place)) {
      if (joined && piece.size() > 1)
        out += fmt::format("<path class=\"curve\" d=\"{}\" stroke=\"{}\"{}/>\n",
                           path_of(thinned(piece)), series_colour(series), series_dashes(series));
      for (std::size_t i = 0; i < piece.size(); ++i) {
        const bool drawn = marked || piece.size() == 1;
        if (!drawn && i % stride != 0) continue;
        out += fmt::format(
            "<g>{}<circle class=\"hover\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"7\"/>{}"
            "</g>\n",
            drawn ? series_marker(series, piece[i].x, piece[i].y) : "", piece[i].x, piece[i].y,
            hover(curve, piece[i]));
      }
    }
    return out;
  }

  /// What surrounds a curve: a band along its line, or a stroke through each point.
  std::string spread(std::size_t place) const {
    const Curve& curve = plot_.curves[place];
    const std::string colour = series_colour(style_of(plot_.curves, place));
    std::string there, back, strokes;
    for (std::size_t i = 0; i < curve.low.size(); ++i) {
      const bool drawn = on(x_, curve.x[i]) && on(y_, curve.low[i]) && on(y_, curve.high[i]);
      if (!drawn) continue;
      const double x = px(curve.x[i]) + beside(place);
      const double low = py(curve.low[i]), high = py(curve.high[i]);
      there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? "M" : "L", x, high);
      back = fmt::format("L{:.1f} {:.1f}", x, low) + back;
      strokes += fmt::format("M{0:.1f} {1:.1f}h6M{2:.1f} {1:.1f}V{3:.1f}M{0:.1f} {3:.1f}h6", x - 3,
                             high, x, low);
    }
    if (there.empty()) return "";
    if (joins_points(plot_))
      return fmt::format("<path class=\"band\" d=\"{}{}Z\" fill=\"{}\"/>\n", there, back, colour);
    return fmt::format("<path class=\"spread\" d=\"{}\" stroke=\"{}\"/>\n", strokes, colour);
  }

  std::string guide(const Curve& line) const {
    std::string out;
    for (const auto& piece : pieces(line.x, line.y, 0))
      out += fmt::format("<path class=\"guide\" d=\"{}\" stroke=\"{}\"/>\n", path_of(piece),
                         series_colour(static_cast<std::size_t>(std::max(line.style, 0))));
    return out;
  }

  /// The line's points on the plot, also where it is at one x or one y.
  std::vector<Point> course(const ReferenceLine& line) const {
    if (line.y.empty() && !line.x.empty() && on(x_, line.x[0]))
      return {{px(line.x[0]), top_, 0, 0}, {px(line.x[0]), bottom_, 0, 0}};
    if (line.x.empty() && !line.y.empty() && on(y_, line.y[0]))
      return {{left_, py(line.y[0]), 0, 0}, {right_, py(line.y[0]), 0, 0}};
    const auto all = pieces(line.x, line.y, 0);
    return line.x.empty() || line.y.empty() || all.empty() ? std::vector<Point>() : all.back();
  }

  std::string reference(const ReferenceLine& line) const {
    const auto points = course(line);
    if (points.size() < 2) return "";
    const std::string colour =
        line.style < 0 ? ""
                       : fmt::format(" style=\"stroke: {}\"",
                                     series_colour(static_cast<std::size_t>(line.style)));
    return fmt::format("<path class=\"reference\" d=\"{}\"{}/>\n", path_of(points), colour);
  }

  /// How high on the plot a line's last part reaches, from x = `from` on.
  static double highest(const std::vector<Point>& points, double from) {
    double out = points.back().y;
    for (std::size_t i = points.size() - 1; i-- > 0;) {
      const Point &a = points[i], &b = points[i + 1];
      const bool crosses = a.x < from && b.x > from;
      out = std::min(out, crosses ? a.y + (b.y - a.y) * (from - a.x) / (b.x - a.x) : a.y);
      if (a.x <= from) break;
    }
    return out;
  }

  /// The line's name, inside the plot, above where the line ends.
  std::string remark(const ReferenceLine& line) const {
    const auto points = course(line);
    if (points.size() < 2) return "";
    const bool vertical = line.y.empty();
    const double length = letter_width * static_cast<double>(letters(line.name));
    const bool left_of = vertical && points[0].x + 6 + length > right_;
    const double x = !vertical ? points.back().x - 4 : points[0].x + (left_of ? -5 : 5);
    const double y = vertical ? top_ + 11 : std::max(highest(points, x - length) - 5, top_ + 11);
    return fmt::format(
        "<text class=\"remark\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y,
        vertical && !left_of ? "start" : "end", escaped(line.name));
  }

  std::string bars(std::size_t place) const {
    const Curve& curve = plot_.curves[place];
    const double width = std::max(1.0, 0.7 * (px(1) - px(0)));
    const double base = py(std::clamp(0.0, y_.low, y_.high));
    std::string out;
    for (const auto& piece : pieces(place))
      for (const auto& point : piece)
        out += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\">{}"
            "</rect>\n",
            point.x - width / 2, std::min(point.y, base), width, std::fabs(point.y - base),
            series_colour(style_of(plot_.curves, place)), hover(curve, point));
    return out;
  }

  /// Names at the height of the curves' last points, moved apart where they would touch.
  std::string names() const {
    std::vector<std::size_t> order(plot_.curves.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<double> at(order.size(), (top_ + bottom_) / 2);
    for (const auto i : order) {
      const auto all = pieces(i);
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
          "<g class=\"name\" transform=\"translate({:.1f} {:.1f})\">{}"
          "<text x=\"22\" y=\"10\">{}</text></g>\n",
          right_ + 8, at[i] - 6, series_sample(style_of(plot_.curves, i), joins_points(plot_)),
          escaped(plot_.curves[i].name));
    return out;
  }

  const LinePlot& plot_;
  Axis x_, y_;
  bool names_beside_ = false, values_turned_ = false;
  double left_ = 58, top_ = 28, right_ = 0, bottom_ = 0;
};

}  // namespace

Svg line_plot_svg(const LinePlot& plot) { return Drawing(plot).draw(); }

std::vector<KeyEntry> key_entries(const LinePlot& plot) {
  std::vector<KeyEntry> out;
  for (std::size_t i = 0; i < plot.curves.size(); ++i)
    out.push_back({plot.curves[i].name, style_of(plot.curves, i), joins_points(plot)});
  return out;
}

}  // namespace onager::host
