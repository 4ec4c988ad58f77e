// SPDX-License-Identifier: MIT
//
// IDX files of bytes, as MNIST comes in, plain or compressed by gzip.
//
//   two zero bytes, the type (0x08: unsigned byte), the number of indices, each extent as a 32-bit
//   big-endian integer, then the bytes with the last index fastest
#pragma once

#include <onager/array.hpp>

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace onager::plugins {

struct IdxFile {
  std::vector<std::int64_t> shape;
  std::vector<unsigned char> bytes;

  std::int64_t count() const { return shape[0]; }
  /// Bytes of one entry of the first index.
  std::int64_t size() const {
    std::int64_t n = 1;
    for (std::size_t k = 1; k < shape.size(); ++k) n *= shape[k];
    return n;
  }
};

namespace idx_detail {

/// Bytes of a file; zlib reads one that is not compressed as it is.
class ByteStream {
 public:
  explicit ByteStream(const std::string& file)
      : file_(file), handle_(gzopen(file.c_str(), "rb"), gzclose) {
    if (!handle_) refuse(std::string("cannot be opened: ") + std::strerror(errno));
    gzbuffer(handle_.get(), 1 << 18);
  }

  /// The next bytes, fewer at the end.
  std::size_t read(unsigned char* out, std::size_t wanted) {
    std::size_t got = 0;
    while (got < wanted) {
      const auto step = static_cast<unsigned>(std::min<std::size_t>(wanted - got, 1 << 20));
      const int n = gzread(handle_.get(), out + got, step);
      int code = Z_OK;
      const char* reason = gzerror(handle_.get(), &code);
      if (code == Z_BUF_ERROR) refuse("the gzip data end early; the file is truncated");
      if (n < 0 || code < 0)
        refuse(code == Z_ERRNO ? std::string("cannot be read: ") + std::strerror(errno)
                               : std::string("the gzip data are damaged: ") + reason);
      if (n == 0) break;
      got += static_cast<std::size_t>(n);
    }
    return got;
  }

  [[noreturn]] void refuse(const std::string& reason) const {
    throw Error(ONAGER_IO, file_ + ": " + reason);
  }

 private:
  std::string file_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> handle_;
};

inline std::string hex(const unsigned char* bytes) {
  char text[16];
  std::snprintf(text, sizeof text, "%02x %02x %02x %02x", bytes[0], bytes[1], bytes[2], bytes[3]);
  return text;
}

}  // namespace idx_detail

/// Reads a whole file with one of the numbers of indices given by least and most. Throws
/// Error(ONAGER_IO) naming it.
inline IdxFile read_idx(const std::string& file, int least_indices, int most_indices) {
  idx_detail::ByteStream in(file);
  unsigned char word[4];
  if (in.read(word, 4) != 4) in.refuse("is too short for an IDX file");
  if (word[0] != 0 || word[1] != 0 || word[2] != 0x08)
    in.refuse("begins with " + idx_detail::hex(word) +
              "; an IDX file of bytes begins with 00 00 08 and the number of indices");
  const int indices = word[3];
  if (indices < least_indices || indices > most_indices)
    in.refuse("has " + std::to_string(indices) + (indices == 1 ? " index" : " indices") +
              (most_indices == 1 ? "; a file of labels has 1"
                                 : "; a file of images has 3 (samples, rows, columns), or 2"));
  IdxFile array;
  std::uint64_t total = 1;
  for (int k = 0; k < indices; ++k) {
    if (in.read(word, 4) != 4) in.refuse("ends within its header");
    const std::uint64_t extent = std::uint64_t{word[0]} << 24 | std::uint64_t{word[1]} << 16 |
                                 std::uint64_t{word[2]} << 8 | std::uint64_t{word[3]};
    if (extent == 0) in.refuse("is empty: one of its extents is 0");
    if (total > (std::uint64_t{1} << 40) / extent)
      in.refuse("says it holds over 2^40 bytes; its header is damaged");
    total *= extent;
    array.shape.push_back(static_cast<std::int64_t>(extent));
  }
  // memory grows with what was really read: a damaged header cannot ask for much
  while (array.bytes.size() < total) {
    const std::size_t step = std::min<std::uint64_t>(total - array.bytes.size(), 1 << 24);
    const std::size_t before = array.bytes.size();
    array.bytes.resize(before + step);
    const std::size_t got = in.read(array.bytes.data() + before, step);
    if (got < step)
      in.refuse("holds " + std::to_string(before + got) + " bytes where its header says " +
                std::to_string(total) + "; the file is truncated");
  }
  if (in.read(word, 1) != 0) in.refuse("holds more bytes than its header says");
  return array;
}

}  // namespace onager::plugins
