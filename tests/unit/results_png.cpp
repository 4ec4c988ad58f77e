// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "results/colour_scale.hpp"
#include "results/png.hpp"

#include <zlib.h>

#include <cmath>
#include <cstring>

using namespace onager::host;

namespace {

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(bytes.at(at + i));
  return out;
}

struct Chunk {
  std::string kind, content;
};

/// Splits a PNG file, checking lengths and sums.
std::vector<Chunk> chunks_of(const std::string& png) {
  REQUIRE(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  std::vector<Chunk> out;
  for (std::size_t at = 8; at < png.size();) {
    const std::uint32_t size = big_endian(png, at);
    const std::string checked = png.substr(at + 4, size + 4);
    REQUIRE(checked.size() == size + 4);
    CHECK(::crc32(0, reinterpret_cast<const Bytef*>(checked.data()), size + 4) ==
          big_endian(png, at + 8 + size));
    out.push_back({checked.substr(0, 4), checked.substr(4)});
    at += 12 + size;
  }
  return out;
}

Grid grid(std::size_t rows, std::size_t cols, std::vector<double> values) {
  return {rows, cols, std::move(values)};
}

}  // namespace

TEST_CASE("a picture decodes to its pixels and palette") {
  Picture picture{300, 2, {}};
  for (std::size_t i = 0; i < 600; ++i) picture.pixels.push_back(static_cast<std::uint8_t>(i * 7));
  const auto chunks = chunks_of(png_bytes(picture, diverging_palette()));
  REQUIRE(chunks.size() == 4);
  CHECK(chunks[0].kind == "IHDR");
  CHECK(big_endian(chunks[0].content, 0) == 300);
  CHECK(big_endian(chunks[0].content, 4) == 2);
  CHECK(chunks[0].content.substr(8) == std::string("\x08\x03\x00\x00\x00", 5));
  CHECK(chunks[1].kind == "PLTE");
  REQUIRE(chunks[1].content.size() == 768);
  CHECK(std::memcmp(chunks[1].content.data(), diverging_palette().data(), 768) == 0);

  CHECK(chunks[2].kind == "IDAT");
  std::string lines(602, '\xff');
  uLongf size = 602;
  REQUIRE(::uncompress(reinterpret_cast<Bytef*>(lines.data()), &size,
                       reinterpret_cast<const Bytef*>(chunks[2].content.data()),
                       static_cast<uLong>(chunks[2].content.size())) == Z_OK);
  REQUIRE(size == 602);
  CHECK(lines[0] == '\0');
  CHECK(lines[301] == '\0');
  CHECK(std::memcmp(lines.data() + 1, picture.pixels.data(), 300) == 0);
  CHECK(std::memcmp(lines.data() + 302, picture.pixels.data() + 300, 300) == 0);
  CHECK(chunks[3].kind == "IEND");
}

TEST_CASE("base64 agrees with the examples of RFC 4648") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("values of both signs get a scale whose middle is zero") {
  const ColourScale scale = colour_scale(grid(1, 3, {-1, 0.5, 4}));
  CHECK(scale.diverging);
  CHECK(scale.low == -4);
  CHECK(scale.high == 4);
  CHECK(scale.place(0) == last_colour / 2);
  CHECK(scale.place(-4) == 0);
  CHECK(scale.place(4) == last_colour);
}

TEST_CASE("values of one sign get a scale from zero, or from the least when far from it") {
  CHECK(colour_scale(grid(1, 3, {0.1, 2, 4})).low == 0);
  CHECK_FALSE(colour_scale(grid(1, 3, {-1e-12, 2, 4})).diverging);
  CHECK(colour_scale(grid(1, 3, {10, 11, 12})).low == 10);
  CHECK(colour_scale(grid(1, 3, {-4, -2, 0})).low == -4);
}

TEST_CASE("a large diagonal does not hide the rest of a matrix") {
  const ColourScale scale = colour_scale(grid(2, 2, {10, 1, 1, 10}));
  CHECK(scale.clipped);
  CHECK(scale.high == 1);
  CHECK(scale.place(10) == last_colour);
  // Rounding beside a diagonal is no picture worth.
  CHECK_FALSE(colour_scale(grid(2, 2, {10, 1e-9, 1e-9, 10})).clipped);
}

TEST_CASE("what is not a number is grey and does not change the scale") {
  const ColourScale scale = colour_scale(grid(1, 3, {1, std::nan(""), 2}));
  CHECK(scale.high == 2);
  CHECK(scale.place(std::nan("")) == not_a_number);
  CHECK(scale.palette()[not_a_number] == Colour{150, 150, 150});
}

TEST_CASE("constant and empty grids have a scale of positive length") {
  for (const auto& one : {grid(1, 2, {3, 3}), grid(1, 2, {0, 0}), grid(1, 1, {std::nan("")})}) {
    const ColourScale scale = colour_scale(one);
    CHECK(scale.high > scale.low);
  }
}
