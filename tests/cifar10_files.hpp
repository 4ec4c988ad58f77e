// SPDX-License-Identifier: MIT
//
// A folder as the binary version of CIFAR-10 comes, of few images.
#pragma once

#include "scratch.hpp"

#include <string>

namespace onager::test {

/// Byte of image i of a file: another for every file, image, colour, row and column nearby.
inline int cifar10_byte(int file, int i, int colour, int row, int column) {
  return (file * 31 + i * 17 + colour * 101 + row * 7 + column * 3) % 251;
}

inline std::string cifar10_record(int file, int i, int label) {
  std::string out(1, static_cast<char>(label));
  for (int colour = 0; colour < 3; ++colour)
    for (int row = 0; row < 32; ++row)
      for (int column = 0; column < 32; ++column)
        out += static_cast<char>(cifar10_byte(file, i, colour, row, column));
  return out;
}

/// Six files of `images` each; image i of file f (0: test) has the label (f + i) % 10.
inline void write_cifar10(const Scratch& folder, int images) {
  for (int file = 0; file <= 5; ++file) {
    std::string bytes;
    for (int i = 0; i < images; ++i) bytes += cifar10_record(file, i, (file + i) % 10);
    folder.file(file == 0 ? "test_batch.bin" : "data_batch_" + std::to_string(file) + ".bin",
                bytes);
  }
}

}  // namespace onager::test
