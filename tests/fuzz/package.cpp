// SPDX-License-Identifier: MIT
//
// The first byte chooses what the others are: a package's file, its tar archive before compression,
// a manifest, a signature, a public or a secret key.
#include "package/package.hpp"
#include "base/error.hpp"

#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <vector>

using namespace onager::host;

namespace {

/// As gzip stores what it cannot compress.
std::string gzipped(const std::string& text) {
  z_stream stream{};
  if (deflateInit2(&stream, 0, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void read_all(const std::string& package) {
  const Package read = read_package(package, "input");
  // what was read can be written, and read again
  read_package(write_package(read.manifest, read.members, {}), "again");
}

void read_members(const std::string& archive) {
  for (const auto& member : read_archive(archive, "input", {100, 1 << 20}))
    if (!path_fault(member.path).empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  try {
    switch (bytes[0] % 7) {
      case 0: read_all(text); break;
      case 1: read_all(gzipped(text)); break;
      case 2: read_members(gzipped(text)); break;
      case 3: {
        const std::string written = to_json(manifest_from_json(text, "input"));
        if (to_json(manifest_from_json(written, "again")) != written) std::abort();
        break;
      }
      case 4: read_signature(text, "input").holds("content", PublicKey()); break;
      case 5: read_public_key(text, "input"); break;
      default: read_secret_key(text, "input"); break;
    }
  } catch (const Error&) {
  }
  return 0;
}
