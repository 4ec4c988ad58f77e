// SPDX-License-Identifier: MIT
#include "results/theme.hpp"

#include <fmt/format.h>

namespace onager::host {

namespace {

struct ThemeColour {
  const char* name;
  const char* light;
  const char* dark;
};

// Series colours: Okabe and Ito, "Color universal design", 2008; lightened on dark ground.
constexpr ThemeColour colours[] = {
    {"--ink", "#1c1f24", "#e6e8eb"},   {"--soft", "#5b626c", "#a0a7b1"},
    {"--line", "#d9dce1", "#3a4048"},  {"--paper", "#fff", "#16181c"},
    {"--panel", "#f6f7f8", "#1f2227"}, {"--s0", "#0072b2", "#4ba3dc"},
    {"--s1", "#d55e00", "#f08a3c"},    {"--s2", "#009e73", "#2cc59b"},
    {"--s3", "#cc79a7", "#dd96bd"},    {"--s4", "#e69f00", "#f0b43c"},
    {"--s5", "#56b4e9", "#8accf3"},    {"--s6", "#1c1f24", "#e6e8eb"},
    {"--warn", "#d55e00", "#f08a3c"},  {"--mark", "#fbe8c8", "#4a3a17"}};

}  // namespace

std::string theme_style() {
  std::string light, dark;
  for (const auto& colour : colours) {
    light += fmt::format(" {}: {};", colour.name, colour.light);
    dark += fmt::format(" {}: {};", colour.name, colour.dark);
  }
  return fmt::format(
      ":root {{ color-scheme: light dark;{} }}\n"
      "@media screen and (prefers-color-scheme: dark) {{ :root {{{} }} }}\n",
      light, dark);
}

std::string drawing_style() {
  return R"(svg text { fill: var(--ink); font-size: 12px; font-family: inherit; }
svg .tick { fill: var(--soft); }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .frame { fill: none; stroke: var(--soft); stroke-width: 1; }
svg .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
svg .band { opacity: 0.18; }
svg .spread { fill: none; stroke-width: 1.4; }
svg .guide { fill: none; stroke-width: 1.4; stroke-dasharray: 1.4 2.6; }
svg .reference { fill: none; stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 6 3; }
svg .halo { fill: none; stroke: var(--paper); stroke-width: 3.4; }
svg .remark { font-size: 11px; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
svg .hover { fill: transparent; }
)";
}

std::string with_light_colours(std::string text) {
  for (const auto& colour : colours) {
    const std::string variable = fmt::format("var({})", colour.name);
    for (std::size_t at = 0; (at = text.find(variable, at)) != std::string::npos;)
      text.replace(at, variable.size(), colour.light);
  }
  return text;
}

}  // namespace onager::host
