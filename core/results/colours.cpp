// SPDX-License-Identifier: MIT
#include "results/colours.hpp"

#include <cmath>

namespace onager::host {

namespace {

Palette between(const std::vector<Colour>& anchors) {
  Palette out;
  for (std::size_t i = 0; i <= last_colour; ++i) {
    const double at =
        static_cast<double>(i * (anchors.size() - 1)) / static_cast<double>(last_colour);
    const auto left = std::min(static_cast<std::size_t>(at), anchors.size() - 2);
    const double share = at - static_cast<double>(left);
    for (std::size_t c = 0; c < 3; ++c)
      out[i][c] = static_cast<std::uint8_t>(
          std::lround((1 - share) * anchors[left][c] + share * anchors[left + 1][c]));
  }
  out[not_a_number] = {150, 150, 150};
  return out;
}

}  // namespace

const Palette& sequential_palette() {
  static const Palette palette = between({{251, 250, 245},
                                          {214, 228, 236},
                                          {146, 194, 221},
                                          {64, 144, 195},
                                          {12, 92, 150},
                                          {6, 52, 96},
                                          {4, 22, 46}});
  return palette;
}

// The arms end near the blue and the vermillion of Okabe and Ito, "Color universal design", 2008.
const Palette& diverging_palette() {
  static const Palette palette = between({{0, 44, 76},
                                          {0, 114, 178},
                                          {128, 188, 222},
                                          {249, 248, 245},
                                          {243, 178, 136},
                                          {213, 94, 0},
                                          {102, 38, 0}});
  return palette;
}

}  // namespace onager::host
