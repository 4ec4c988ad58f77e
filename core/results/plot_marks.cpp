// SPDX-License-Identifier: MIT
#include "results/plot_marks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

constexpr std::size_t colours = 7;

/// Whether a byte continues a UTF-8 character.
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::size_t letters(const std::string& text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string shortened(const std::string& text, std::size_t most) {
  if (letters(text) <= most) return text;
  std::size_t end = 0, kept = 0;
  for (; end < text.size(); ++end) {
    if (continues(text[end])) continue;
    if (++kept == most) break;
  }
  return text.substr(0, end) + "…";
}

std::string series_colour(std::size_t series) {
  return fmt::format("var(--s{})", series % colours);
}

const char* series_dashes(std::size_t series) {
  static const char* const kinds[] = {"", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 4\""};
  return kinds[series < colours ? series % 2 : (series / colours) % 3];
}

std::string series_marker(std::size_t series, double x, double y) {
  const std::string fill = fmt::format(" fill=\"{}\"", series_colour(series));
  switch (series % 3) {
    case 0: return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"{}/>", x, y, fill);
    case 1:
      return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"5.6\" height=\"5.6\"{}/>",
                         x - 2.8, y - 2.8, fill);
    default: return fmt::format("<path d=\"M{:.1f} {:.1f}l3.6 6.4h-7.2z\"{}/>", x, y - 4, fill);
  }
}

std::string series_sample(std::size_t series, bool joined) {
  const std::string line =
      joined ? fmt::format("<path class=\"curve\" d=\"M0 6h18\" stroke=\"{}\"{}/>",
                           series_colour(series), series_dashes(series))
             : "";
  return line + series_marker(series, 9, 6);
}

}  // namespace onager::host
