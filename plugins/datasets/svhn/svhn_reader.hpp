// SPDX-License-Identifier: MIT
//
// Files of cropped digits of SVHN: MATLAB files, in practice of level 5, with
//
//   X  32 x 32 x 3 x n, uint8, the first index fastest: row, column, colour, image
//   y  n x 1, uint8 or double: 1 to 9, and 10 for the digit 0
#pragma once

#include <array>
#include <string>
#include <vector>

namespace onager::plugins {

constexpr std::size_t svhn_side = 32, svhn_pixels = 3 * svhn_side * svhn_side;

/// Digits 0 to 9, and bytes in the order of the file.
struct SvhnFile {
  std::vector<unsigned char> digits, bytes;

  /// Image i colour by colour, each row by row.
  std::array<unsigned char, svhn_pixels> pixels(std::size_t i) const;
};

/// Reads a whole file. Throws Error(ONAGER_IO) naming it.
SvhnFile read_svhn(const std::string& file);

}  // namespace onager::plugins
