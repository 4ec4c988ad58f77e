// SPDX-License-Identifier: MIT
//
// The reader of the host and that of the plugins. Where both read a file they agree.
#include "../../plugins/common/npy.hpp"
#include "base/error.hpp"
#include "memory_file.hpp"
#include "results/npy.hpp"

#include <optional>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const onager::fuzz::MemoryFile file(bytes, size);
  std::optional<onager::plugins::NumberArray> numbers;
  std::optional<onager::host::NpyArray> array;
  try {
    numbers = onager::plugins::read_npy(file.path());
  } catch (const onager::Error&) {
  }
  try {
    array = onager::host::read_npy(file.path());
  } catch (const onager::host::Error&) {
  }
  if (numbers && array && numbers->shape != array->shape) std::abort();
  return 0;
}
