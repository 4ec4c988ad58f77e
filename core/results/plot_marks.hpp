// SPDX-License-Identifier: MIT
//
// What tells series apart in every plot: colour, dashes and marker by their number.
#pragma once

#include <cstddef>
#include <string>

namespace onager::host {

constexpr double letter_width = 6.8;  // pixels, of the 12 pixel font, on the generous side

/// Characters of a UTF-8 text.
std::size_t letters(const std::string& text);

/// At most so many characters, the last of them an ellipsis where some were cut off.
std::string shortened(const std::string& text, std::size_t most);

std::string series_colour(std::size_t series);

/// The second curve is dashed as well, so that a pair is told apart without colour.
const char* series_dashes(std::size_t series);

std::string series_marker(std::size_t series, double x, double y);

/// A piece of the series' line with its marker, 18 by 12 pixels; without the line where `joined` is
/// false.
std::string series_sample(std::size_t series, bool joined);

}  // namespace onager::host
