// SPDX-License-Identifier: MIT
#pragma once

#include "results/colours.hpp"
#include "results/grid.hpp"

namespace onager::host {

/// How numbers become colours.
struct ColourScale {
  double low = 0, high = 1;
  bool diverging = false;  // then low = -high and 0 is the palette's middle
  bool clipped = false;    // larger values on the diagonal get the end colours

  std::uint8_t place(double value) const;
  const Palette& palette() const { return diverging ? diverging_palette() : sequential_palette(); }
};

/// Diverging when both signs occur beyond rounding. Where the diagonal of a square matrix is over
/// twice as large as all else, and all else is not negligible, the scale is that of the rest.
ColourScale colour_scale(const Grid& grid);

/// Over all values of a table, the diagonal of a square one too: from the least to the largest, or
/// diverging.
ColourScale value_colours(const Grid& grid);

Picture coloured(const Grid& grid, const ColourScale& scale);

}  // namespace onager::host
