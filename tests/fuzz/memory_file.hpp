// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace onager::fuzz {

/// A file of these bytes that has a path and is on no disk.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* bytes, std::size_t size) : file_(::memfd_create("input", 0)) {
    if (file_ < 0) std::abort();
    while (size > 0) {
      const auto put = ::write(file_, bytes, size);
      if (put <= 0) std::abort();
      bytes += put;
      size -= static_cast<std::size_t>(put);
    }
  }
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

}  // namespace onager::fuzz
