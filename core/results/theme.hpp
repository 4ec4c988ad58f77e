// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace onager::host {

/// Colours that pages and drawings name by variables: ":root { --ink: #1c1f24; .. }" with a second
/// set for dark screens. Series are --s0 to --s6.
std::string theme_style();

/// Rules for the parts of a drawing: curves, grid, text.
std::string drawing_style();

/// A text with var(--ink) and its like replaced by the colours of light ground, for readers that
/// know no variables.
std::string with_light_colours(std::string text);

}  // namespace onager::host
