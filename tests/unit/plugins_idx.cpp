// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "plugins_files.hpp"

#include "../../plugins/datasets/idx/idx_reader.hpp"

using onager::plugins::read_idx;
using onager::tests::gzipped;
using onager::tests::TemporaryFile;

namespace {

std::string idx(const std::vector<unsigned>& shape, const std::string& bytes) {
  std::string out("\0\0\x08", 3);
  out += static_cast<char>(shape.size());
  for (const unsigned n : shape)
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(n >> shift & 0xFF);
  return out + bytes;
}

const std::string images = idx({2, 2, 3}, "abcdefABCDEF");

onager::plugins::IdxFile read(const std::string& bytes, int least = 2, int most = 3) {
  const TemporaryFile file("images", bytes);
  return read_idx(file.path(), least, most);
}

}  // namespace

TEST_CASE("idx images are read plain and compressed") {
  for (const auto& bytes : {images, gzipped(images)}) {
    const auto file = read(bytes);
    CHECK(file.shape == std::vector<std::int64_t>{2, 2, 3});
    CHECK(file.count() == 2);
    CHECK(file.size() == 6);
    CHECK(std::string(file.bytes.begin(), file.bytes.end()) == "abcdefABCDEF");
  }
}

TEST_CASE("an idx file that ends early is refused, plain and compressed") {
  CHECK_THROWS_WITH(read(images.substr(0, images.size() - 2)),
                    ContainsSubstring("holds 10 bytes where its header says 12"));
  CHECK_THROWS_WITH(read(images.substr(0, 9)), ContainsSubstring("ends within its header"));
  CHECK_THROWS_WITH(read(images.substr(0, 2)), ContainsSubstring("too short"));
  const auto packed = gzipped(images);
  for (std::size_t kept = 11; kept < packed.size(); ++kept)
    CHECK_THROWS_WITH(read(packed.substr(0, kept)), ContainsSubstring("truncated"));
}

TEST_CASE("damaged gzip data of an idx file are reported") {
  auto packed = gzipped(images);
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 0x55);  // the checksum
  CHECK_THROWS_WITH(read(packed), ContainsSubstring("damaged"));
}

TEST_CASE("files that are not idx bytes are refused with what they begin with") {
  CHECK_THROWS_WITH(read("\x89PNG...."), ContainsSubstring("begins with 89 50 4e 47"));
  auto floats = images;
  floats[2] = 0x0D;
  CHECK_THROWS_WITH(read(floats), ContainsSubstring("begins with 00 00 0d 03"));
}

TEST_CASE("labels given as images, and images as labels, are refused") {
  const auto labels = idx({3}, "abc");
  CHECK_THROWS_WITH(read(labels), ContainsSubstring("has 1 index; a file of images has 3"));
  CHECK_THROWS_WITH(read(images, 1, 1), ContainsSubstring("has 3 indices; a file of labels has 1"));
}

TEST_CASE("an idx header that promises too much does not take memory") {
  const unsigned most = 0xFFFFFFFFu;
  CHECK_THROWS_WITH(read(idx({most, most, most}, "")), ContainsSubstring("damaged"));
  CHECK_THROWS_WITH(read(idx({1u << 20, 1u << 10, 1u << 9}, "abc")),
                    ContainsSubstring("truncated"));
  CHECK_THROWS_WITH(read(idx({0, 2, 3}, "")), ContainsSubstring("empty"));
}

TEST_CASE("an idx file with more bytes than its header says is refused") {
  CHECK_THROWS_WITH(read(images + "!"), ContainsSubstring("more bytes"));
}
