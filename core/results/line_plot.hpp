// SPDX-License-Identifier: MIT
#pragma once

#include "results/axis.hpp"

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
  std::vector<double> low = {}, high = {};  // of a band around the curve, at each x; empty for none
};

enum class Mark { lines, bars };

/// A plot over whole numbers such as rounds or feature indices, or over an axis with a scale.
struct LinePlot {
  std::string x_name, y_name;
  std::vector<Curve> curves;
  std::optional<std::pair<double, double>> y_range;  // else from the data
  Mark mark = Mark::lines;
  int width = 520, height = 280;                    // pixels
  std::optional<Scale> x_scale = {}, y_scale = {};  // none: whole numbers, and by the values
  std::vector<Curve> guides = {};  // thin lines such as fits, without marks and names
};

/// Inline SVG: without a given scale logarithmic where the values are positive and span over two
/// decades, points marked where they are few, names beside the curves' ends or, where these are
/// many, in a key below.
std::string line_plot_svg(const LinePlot& plot);

}  // namespace onager::host
