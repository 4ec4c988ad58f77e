// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onager::host {

/// One curve. A value that is not finite leaves a gap.
struct Curve {
  std::string name;  // "" for a plot's only curve
  std::vector<double> x, y;
  int style = -1;  // colour and marker; -1: by its place among the curves
};

enum class Mark { lines, bars };

/// A plot over whole numbers such as rounds or feature indices.
struct LinePlot {
  std::string x_name, y_name;
  std::vector<Curve> curves;
  std::optional<std::pair<double, double>> y_range;  // else from the data
  Mark mark = Mark::lines;
  int width = 520, height = 280;  // pixels
};

/// Inline SVG: logarithmic where the values are positive and span over two decades, points marked
/// where they are few, names beside the curves' ends or, where these are many, in a key below.
std::string line_plot_svg(const LinePlot& plot);

}  // namespace onager::host
