// SPDX-License-Identifier: MIT
#include "../../plugins/datasets/idx/idx_reader.hpp"
#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const onager::fuzz::MemoryFile file(bytes, size);
  try {
    const auto images = onager::plugins::read_idx(file.path(), 1, 3);
    if (static_cast<std::int64_t>(images.bytes.size()) != images.count() * images.size())
      std::abort();
  } catch (const onager::Error&) {
  }
  return 0;
}
