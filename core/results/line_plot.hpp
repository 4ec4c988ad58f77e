// SPDX-License-Identifier: MIT
#pragma once

#include "results/axis.hpp"
#include "results/plot_key.hpp"
#include "results/svg.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onager::host {

/// One curve. A value that is not finite leaves a gap.
struct Curve {
  std::string name;  // "" for a plot's only curve
  std::vector<double> x, y;
  int style = -1;                           // colour and marker; -1: by its place among the curves
  std::vector<double> low = {}, high = {};  // of what surrounds the curve at each x; or empty
};

/// A line that curves are read against. At one x where y is empty, at one y where x is empty, else
/// through points.
struct ReferenceLine {
  std::string name;
  std::vector<double> x, y;
  int style = -1;  // -1: that of no curve
};

enum class Mark { lines, points, bars };

/// A plot over whole numbers such as rounds or feature indices, over an axis with a scale, or over
/// names.
struct LinePlot {
  std::string x_name, y_name;
  std::vector<Curve> curves;
  std::optional<std::pair<double, double>> y_range;  // else from the data
  Mark mark = Mark::lines;
  int width = 520, height = 280;                    // pixels
  std::optional<Scale> x_scale = {}, y_scale = {};  // none: whole numbers, and by the values
  std::vector<Curve> guides = {};  // thin lines such as fits, without marks and names
  std::vector<ReferenceLine> lines = {};
  std::vector<std::string> x_values = {};  // names of x = 0, 1, ..; then points are not joined
  std::vector<double> x_also = {}, y_also = {};  // that the axes reach, to share them with others
  std::string heading = "";                      // in place of y_name, of one of several plots
};

/// Without a given scale logarithmic where the values are positive and span over two decades,
/// points marked where they are few, names beside the curves' ends or, where these are many, in a
/// key below. A plot with a heading has no key.
Svg line_plot_svg(const LinePlot& plot);

/// What its curves are, for a key.
std::vector<KeyEntry> key_entries(const LinePlot& plot);

}  // namespace onager::host
