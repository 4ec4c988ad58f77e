// SPDX-License-Identifier: MIT
#pragma once

#include "results/png.hpp"

namespace onager::host {

/// The place in every palette for what is not a number; 0 .. last_colour run from low to high.
constexpr std::uint8_t not_a_number = 255;
constexpr std::uint8_t last_colour = 254;

/// Light to dark blue: lightness alone orders the values, so it survives grey printing.
const Palette& sequential_palette();

/// Blue below, near white at the middle place, vermillion above: told apart with every common
/// colour vision.
const Palette& diverging_palette();

}  // namespace onager::host
