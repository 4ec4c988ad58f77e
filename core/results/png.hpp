// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

using Colour = std::array<std::uint8_t, 3>;  // red, green, blue
using Palette = std::array<Colour, 256>;

/// A picture whose pixels are places in a palette, row by row from the top.
struct Picture {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint8_t> pixels;
};

/// The bytes of a PNG file (ISO/IEC 15948): 8 bits a pixel, with the palette.
std::string png_bytes(const Picture& picture, const Palette& palette);

std::string base64(std::string_view bytes);

/// The picture as a "data:" address for use inside HTML.
std::string png_address(const Picture& picture, const Palette& palette);

}  // namespace onager::host
