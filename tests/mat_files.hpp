// SPDX-License-Identifier: MIT
//
// MATLAB files of level 5 that tests write, after "MAT-File Format" of The MathWorks: a header of
// 128 bytes, then elements (type, bytes, content, zeros to a multiple of 8), little-endian.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace onager::test {

enum class MatClass : std::uint32_t { float64 = 6, uint8 = 9 };

class MatWriter {
 public:
  explicit MatWriter(bool compressed = false) : compressed_(compressed) {
    std::string text = "MATLAB 5.0 MAT-file, written by a test";
    text.resize(124, ' ');
    bytes_ = text + std::string("\x00\x01IM", 4);
  }

  /// An array, the first index of its numbers fastest.
  MatWriter& add(const std::string& name, const std::vector<std::int32_t>& extents,
                 const std::vector<double>& numbers, MatClass type) {
    constexpr std::uint32_t int8 = 1, uint8 = 2, int32 = 5, uint32 = 6, float64 = 9, matrix = 14,
                            compressed = 15;
    const auto flags = static_cast<std::uint32_t>(type);
    std::string content = element(uint32, raw(std::vector<std::uint32_t>{flags, 0})) +
                          element(int32, raw(extents)) + element(int8, name);
    if (type == MatClass::float64) {
      content += element(float64, raw(numbers));
    } else {
      std::string small;
      for (const double x : numbers) small += static_cast<char>(static_cast<unsigned char>(x));
      content += element(uint8, small);
    }
    content = element(matrix, content);
    if (!compressed_) {
      bytes_ += content;
      return *this;
    }
    uLongf size = compressBound(content.size());
    std::string packed(size, '\0');
    compress(reinterpret_cast<Bytef*>(packed.data()), &size,
             reinterpret_cast<const Bytef*>(content.data()), content.size());
    packed.resize(size);
    bytes_ += raw(std::vector<std::uint32_t>{compressed, static_cast<std::uint32_t>(size)});
    bytes_ += packed;
    return *this;
  }

  const std::string& bytes() const { return bytes_; }

 private:
  template <class T>
  static std::string raw(const std::vector<T>& numbers) {
    std::string out(numbers.size() * sizeof(T), '\0');
    if (!numbers.empty()) std::memcpy(out.data(), numbers.data(), out.size());
    return out;
  }
  static std::string element(std::uint32_t type, std::string content) {
    const auto size = static_cast<std::uint32_t>(content.size());
    content.resize((content.size() + 7) / 8 * 8, '\0');
    return raw(std::vector<std::uint32_t>{type, size}) + content;
  }

  bool compressed_;
  std::string bytes_;
};

/// Byte of a pixel of image i.
inline int svhn_byte(int i, int row, int column, int colour) {
  return (i * 17 + colour * 101 + row * 7 + column * 3) % 251;
}

/// X of `images` images.
inline std::vector<double> svhn_numbers(int images) {
  std::vector<double> out;
  for (int i = 0; i < images; ++i)
    for (int colour = 0; colour < 3; ++colour)
      for (int column = 0; column < 32; ++column)
        for (int row = 0; row < 32; ++row) out.push_back(svhn_byte(i, row, column, colour));
  return out;
}

/// A file as those of SVHN, with an image for each label.
inline std::string svhn_file(const std::vector<double>& labels, MatClass label_type,
                             bool compressed) {
  const auto n = static_cast<std::int32_t>(labels.size());
  return MatWriter(compressed)
      .add("X", {32, 32, 3, n}, svhn_numbers(n), MatClass::uint8)
      .add("y", {n, 1}, labels, label_type)
      .bytes();
}

}  // namespace onager::test
