// SPDX-License-Identifier: MIT
#include "results/plot_key.hpp"

#include "results/html.hpp"
#include "results/plot_marks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

constexpr double row_height = 18, sample_width = 24, gap = 16;

}  // namespace

Svg plot_key(const std::vector<KeyEntry>& entries, double left, double width) {
  Svg out;
  out.width = width;
  double x = left, y = 2;
  for (const auto& entry : entries) {
    const auto most =
        static_cast<std::size_t>(std::max(8.0, (width - left - sample_width) / letter_width));
    const std::string name = shortened(entry.name, most);
    const double taken = sample_width + letter_width * static_cast<double>(letters(name));
    if (x > left && x + taken > width) {
      x = left;
      y += row_height;
    }
    out.body += fmt::format(
        "<g class=\"key\" transform=\"translate({:.1f} {:.1f})\">{}<text x=\"{}\" "
        "y=\"10\">{}</text></g>\n",
        x, y, series_sample(entry.series, entry.joined), sample_width, escaped(name));
    x += taken + gap;
  }
  out.height = entries.empty() ? 0 : y + row_height;
  return out;
}

}  // namespace onager::host
