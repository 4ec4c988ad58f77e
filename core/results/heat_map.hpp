// SPDX-License-Identifier: MIT
#pragma once

#include "results/axis.hpp"
#include "results/grid.hpp"
#include "results/line_plot.hpp"
#include "results/summary.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onager::host {

/// A matrix drawn as coloured pixels, its first row on top.
struct HeatMap {
  std::string row_name, column_name;  // of the axes; "" draws no axes (a picture of pixels)
  Grid grid;
  std::vector<FeatureGroup> groups;  // of rows and columns; drawn when the matrix is square
  int size = 520;                    // pixels of the longer side
  int least_side = 0;                // pixels of the shorter side at least
  std::size_t most_pixels = 800;     // rows and columns of the picture; more are averaged
  /// Of a table of values in place of a matrix: names of the rows and columns, and the sides of the
  /// picture in pixels, whatever the number of cells.
  std::vector<std::string> row_values = {}, column_values = {};
  std::pair<int, int> sides = {0, 0};
  std::string value_name = "";  // above the colours
  Scale value_scale = Scale::linear;
  std::optional<std::pair<double, double>> value_range = {};  // of the colours; else by the values
  std::vector<ReferenceLine> lines = {};  // through places of columns (x) and rows (y)
  std::string heading = "";
};

/// The drawing, and what a caption must say about how it was drawn (sentences, or "").
struct Drawn {
  Svg svg;
  std::string remarks;
};
Drawn heat_map_svg(const HeatMap& map);

}  // namespace onager::host
