// SPDX-License-Identifier: MIT
#pragma once

#include "results/grid.hpp"
#include "results/summary.hpp"

#include <string>
#include <vector>

namespace onager::host {

/// A matrix drawn as coloured pixels.
struct HeatMap {
  std::string row_name, column_name;  // of the axes; "" draws no axes (a picture of pixels)
  Grid grid;
  std::vector<FeatureGroup> groups;  // of rows and columns; drawn when the matrix is square
  int size = 520;                    // pixels of the longer side
  int least_side = 0;                // pixels of the shorter side at least
  std::size_t most_pixels = 800;     // rows and columns of the picture; more are averaged
};

/// The drawing as inline SVG, and what a caption must say about how it was drawn (sentences, or
/// "").
struct Drawn {
  std::string svg, remarks;
};
Drawn heat_map_svg(const HeatMap& map);

}  // namespace onager::host
