// SPDX-License-Identifier: MIT
#include "results/colour_scale.hpp"

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

constexpr double negligible = 0.02;  // of the largest value: not seen beside it in any scale

struct Range {
  double low = 0, high = 0;
  bool any = false;
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = any ? std::min(low, value) : value;
    high = any ? std::max(high, value) : value;
    any = true;
  }
  double size() const { return std::max(std::fabs(low), std::fabs(high)); }
};

}  // namespace

std::uint8_t ColourScale::place(double value) const {
  if (std::isnan(value)) return not_a_number;
  const double share = std::clamp((value - low) / (high - low), 0.0, 1.0);
  return static_cast<std::uint8_t>(std::lround(share * last_colour));
}

ColourScale colour_scale(const Grid& grid) {
  Range all, rest;
  for (std::size_t i = 0; i < grid.rows; ++i)
    for (std::size_t j = 0; j < grid.cols; ++j) {
      all.add(grid.at(i, j));
      if (i != j) rest.add(grid.at(i, j));
    }
  ColourScale out;
  if (!all.any || all.size() == 0) return out;
  Range range = all;
  if (grid.rows == grid.cols && all.size() > 2 * rest.size() &&
      rest.size() > negligible * all.size()) {
    range = rest;
    out.clipped = true;
  }
  const double size = range.size();
  out.diverging = range.low < -0.002 * size && range.high > 0.002 * size;
  if (out.diverging) {
    out.low = -size;
    out.high = size;
  } else if (range.high > 0.002 * size) {
    // 0 is the reference unless the values keep far from it.
    out.low = out.clipped || range.low < 0.5 * range.high ? 0 : range.low;
    out.high = range.high;
  } else {
    out.low = range.low;
    out.high = !out.clipped && range.high < 0.5 * range.low ? range.high : 0;
  }
  if (out.high - out.low <= 1e-12 * size) {
    out.low -= 0.1 * size;
    out.high += 0.1 * size;
  }
  return out;
}

ColourScale value_colours(const Grid& grid) {
  Range all;
  for (const double value : grid.values) all.add(value);
  ColourScale out;
  if (!all.any) return out;
  out.diverging = all.low < 0 && all.high > 0;
  out.low = out.diverging ? -all.size() : all.low;
  out.high = out.diverging ? all.size() : all.high;
  if (out.high <= out.low) {
    const double margin = all.size() > 0 ? 0.1 * all.size() : 1;
    out.low -= margin;
    out.high += margin;
  }
  return out;
}

Picture coloured(const Grid& grid, const ColourScale& scale) {
  Picture out;
  out.width = static_cast<std::uint32_t>(grid.cols);
  out.height = static_cast<std::uint32_t>(grid.rows);
  for (const double value : grid.values) out.pixels.push_back(scale.place(value));
  return out;
}

}  // namespace onager::host
