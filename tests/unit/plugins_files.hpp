// SPDX-License-Identifier: MIT
//
// Files that the tests of readers write: bytes, plain or through gzip, gone at the end of the
// scope.
#pragma once

#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace onager::tests {

class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& bytes) {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() / ("onager_test_" + std::to_string(::getpid()) +
                                                      "_" + std::to_string(count++) + "_" + name);
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// What gzip makes of the bytes.
inline std::string gzipped(const std::string& bytes) {
  const TemporaryFile file("gzip", "");
  gzFile out = gzopen(file.path().c_str(), "wb");
  gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(out);
  std::ifstream in(file.path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace onager::tests
