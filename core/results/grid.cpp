// SPDX-License-Identifier: MIT
#include "results/grid.hpp"

#include <algorithm>
#include <cmath>

namespace onager::host {

Grid grid_of(const NpyArray& array) {
  Grid out;
  out.rows = static_cast<std::size_t>(array.shape.at(0));
  out.cols = array.shape.size() > 1 ? static_cast<std::size_t>(array.shape[1]) : 1;
  out.values.reserve(out.rows * out.cols);
  for (std::size_t i = 0; i < out.rows; ++i)
    for (std::size_t j = 0; j < out.cols; ++j)
      out.values.push_back(array.at(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j)));
  return out;
}

Grid averaged(const Grid& grid, std::size_t most) {
  Grid out;
  out.rows = std::min(grid.rows, most);
  out.cols = std::min(grid.cols, most);
  if (out.rows == grid.rows && out.cols == grid.cols) return grid;
  std::vector<double> sums(out.rows * out.cols, 0.0), counts(sums);
  for (std::size_t i = 0; i < grid.rows; ++i)
    for (std::size_t j = 0; j < grid.cols; ++j) {
      const std::size_t to = i * out.rows / grid.rows * out.cols + j * out.cols / grid.cols;
      sums[to] += grid.at(i, j);
      ++counts[to];
    }
  for (std::size_t k = 0; k < sums.size(); ++k) sums[k] /= counts[k];
  out.values = std::move(sums);
  return out;
}

std::size_t picture_side(std::size_t pixels) {
  const auto side = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(pixels))));
  return pixels >= 64 && side * side == pixels ? side : 0;
}

Grid as_picture(const Grid& grid, std::size_t side) {
  Grid out;
  out.rows = out.cols = side;
  const std::size_t stride = grid.cols == grid.rows ? grid.cols + 1 : 1;
  for (std::size_t i = 0; i < side * side; ++i) out.values.push_back(grid.values[i * stride]);
  return out;
}

}  // namespace onager::host
