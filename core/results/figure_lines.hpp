// SPDX-License-Identifier: MIT
#pragma once

#include "results/figure_data.hpp"

#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// What a row of a figure's panel gives its reference lines.
struct LineRow {
  double x = 0, y = 0;  // its place in the plot; y in a heat map only
  std::string group;
  std::vector<std::optional<double>> at_x, at_y;  // values of x_lines and y_lines
};

/// The reference lines of a panel whose rows these are. A value that is the same in all rows makes
/// one straight line. One that depends on the group makes a line a group; one that varies along the
/// other axis makes a line through the means at each place there.
std::vector<FigureLine> reference_lines(const Figure& figure, const FigureData& data,
                                        const std::vector<LineRow>& rows);

}  // namespace onager::host
