// SPDX-License-Identifier: MIT
#pragma once

#include "results/npy.hpp"

#include <cstddef>
#include <vector>

namespace onager::host {

/// A matrix of numbers to be drawn, row by row.
struct Grid {
  std::size_t rows = 0, cols = 0;
  std::vector<double> values;

  double at(std::size_t i, std::size_t j) const { return values[i * cols + j]; }
  double& at(std::size_t i, std::size_t j) { return values[i * cols + j]; }
};

Grid grid_of(const NpyArray& array);

/// At most `most` rows and columns, each the mean of its neighbours'; as it was when small enough.
Grid averaged(const Grid& grid, std::size_t most);

/// The side of the square picture that so many pixels fill, or 0 when they do not, or are fewer
/// than 64.
std::size_t picture_side(std::size_t pixels);

/// A vector, or the diagonal of a square matrix, as a square picture row by row.
Grid as_picture(const Grid& grid, std::size_t side);

}  // namespace onager::host
