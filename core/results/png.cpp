// SPDX-License-Identifier: MIT
#include "results/png.hpp"

#include "base/error.hpp"

#include <zlib.h>

namespace onager::host {

namespace {

std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string chunk(const std::string& kind, const std::string& content) {
  const std::string checked = kind + content;
  const auto sum =
      ::crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return big_endian(static_cast<std::uint32_t>(content.size())) + checked +
         big_endian(static_cast<std::uint32_t>(sum));
}

std::string deflated(const std::string& plain) {
  uLongf size = ::compressBound(static_cast<uLong>(plain.size()));
  std::string out(size, '\0');
  if (::compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                  reinterpret_cast<const Bytef*>(plain.data()), static_cast<uLong>(plain.size()),
                  Z_BEST_COMPRESSION) != Z_OK)
    throw Error(Category::system, "no memory to compress a picture of the report");
  out.resize(size);
  return out;
}

}  // namespace

std::string png_bytes(const Picture& picture, const Palette& palette) {
  std::string colours;
  for (const Colour& colour : palette) colours.append(colour.begin(), colour.end());
  std::string lines;
  for (std::uint32_t row = 0; row < picture.height; ++row) {
    lines += '\0';  // no filter: places in a palette do not compress better with one
    const auto* from = picture.pixels.data() + std::size_t{row} * picture.width;
    lines.append(from, from + picture.width);
  }
  // 8 bits, palette, deflate, adaptive filtering, not interlaced
  const std::string form = {8, 3, 0, 0, 0};
  return "\x89PNG\r\n\x1a\n" +
         chunk("IHDR", big_endian(picture.width) + big_endian(picture.height) + form) +
         chunk("PLTE", colours) + chunk("IDAT", deflated(lines)) + chunk("IEND", "");
}

std::string base64(std::string_view bytes) {
  constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t j = 0; j < 3; ++j)
      three = three << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j <= bytes.size() ? letters[three >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

std::string png_address(const Picture& picture, const Palette& palette) {
  return "data:image/png;base64," + base64(png_bytes(picture, palette));
}

}  // namespace onager::host
