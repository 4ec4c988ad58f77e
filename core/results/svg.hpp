// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace onager::host {

/// A drawing in SVG, in pixels from the top left. Its style is that of the page it stands in.
struct Svg {
  std::string body;  // what stands between <svg> and </svg>
  double width = 0, height = 0;
  std::string label;  // what it shows, for readers who do not see it
};

/// For a page with the style of html_page().
std::string inline_svg(const Svg& drawing);

/// A file of its own, with style and colours for light ground.
std::string svg_file(const Svg& drawing);

/// Drawings in rows of so many, each row as high as its highest.
Svg in_rows(const std::vector<Svg>& drawings, std::size_t columns);

/// One drawing below another.
Svg stacked(const Svg& above, const Svg& below);

}  // namespace onager::host
