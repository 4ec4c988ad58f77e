// SPDX-License-Identifier: MIT
#include "results/svg.hpp"

#include "results/html.hpp"
#include "results/theme.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

std::string element(const Svg& drawing, const std::string& attributes, const std::string& before) {
  return fmt::format(
      "<svg {0}width=\"{1:.0f}\" height=\"{2:.0f}\" viewBox=\"0 0 {1:.0f} {2:.0f}\" role=\"img\" "
      "aria-label=\"{3}\">\n{4}{5}</svg>",
      attributes, drawing.width, drawing.height, escaped(drawing.label), before, drawing.body);
}

std::string moved(const Svg& drawing, double x, double y) {
  return fmt::format("<g transform=\"translate({:.1f} {:.1f})\">\n{}</g>\n", x, y, drawing.body);
}

}  // namespace

std::string inline_svg(const Svg& drawing) { return element(drawing, "", ""); }

std::string svg_file(const Svg& drawing) {
  const std::string style =
      "<style>svg { font-family: \"DejaVu Sans\", \"Helvetica Neue\", Arial, sans-serif; }\n" +
      drawing_style() + "</style>\n";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
         with_light_colours(element(drawing, "xmlns=\"http://www.w3.org/2000/svg\" ", style)) +
         "\n";
}

Svg in_rows(const std::vector<Svg>& drawings, std::size_t columns) {
  Svg out;
  for (std::size_t begin = 0; begin < drawings.size(); begin += columns) {
    const std::size_t end = std::min(begin + columns, drawings.size());
    double x = 0, height = 0;
    for (std::size_t i = begin; i < end; ++i) {
      out.body += moved(drawings[i], x, out.height);
      x += drawings[i].width;
      height = std::max(height, drawings[i].height);
    }
    out.width = std::max(out.width, x);
    out.height += height;
  }
  if (!drawings.empty()) out.label = drawings.front().label;
  return out;
}

Svg stacked(const Svg& above, const Svg& below) {
  Svg out = in_rows({above, below}, 1);
  out.label = above.label.empty() ? below.label : above.label;
  return out;
}

}  // namespace onager::host
