// SPDX-License-Identifier: MIT
//
// Our side of HDF5: what it makes of an array that the library reads, or fails to.
#include "../../plugins/datasets/hdf5/hdf5_reader.hpp"
#include "memory_file.hpp"

/// The library loses memory of its own over some damaged files.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const onager::fuzz::MemoryFile memory(bytes, size);
  try {
    const onager::plugins::Hdf5File file(memory.path());
    for (const char* path : {"x", "y", "group/x"}) {
      const auto array = file.read(path);
      if (static_cast<std::int64_t>(array.values.size()) != array.rows() * array.cols())
        std::abort();
    }
  } catch (const onager::Error&) {
  } catch (const std::bad_alloc&) {  // an array of that shape could be real
  }
  return 0;
}
