// SPDX-License-Identifier: MIT
#include "base/memory.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <mutex>
#include <string>
#include <utility>

namespace onager::host {

namespace {

constexpr std::uint64_t cache_line = 64, huge_page = 2 << 20, large = 4 * huge_page;

/// The last large block that was released. A round asks for the same matrices as the one before:
/// memory from the system comes zeroed, page by page, which costs as much as filling it.
class Kept {
 public:
  /// The kept block when it has room for `bytes` and is not much larger; else it is given up.
  void* take(std::uint64_t bytes) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    void* memory = std::exchange(memory_, nullptr);
    if (!memory || (bytes <= bytes_ &&
                    static_cast<double>(bytes_) <= kept_block_excess * static_cast<double>(bytes)))
      return memory;
    std::free(memory);
    return nullptr;
  }
  void keep(void* memory, std::uint64_t bytes) noexcept {
    // the system may take the pages back when it needs them
    madvise(memory, bytes, MADV_FREE);
    const std::lock_guard<std::mutex> lock(mutex_);
    std::free(std::exchange(memory_, memory));
    bytes_ = bytes;
  }

 private:
  std::mutex mutex_;
  void* memory_ = nullptr;
  std::uint64_t bytes_ = 0;
};

Kept& kept() {
  static Kept block;
  return block;
}

}  // namespace

void* allocate_memory(std::uint64_t bytes) noexcept {
  const std::uint64_t alignment = bytes < large ? cache_line : huge_page;
  if (bytes > std::numeric_limits<std::uint64_t>::max() - alignment) return nullptr;
  const std::uint64_t rounded =
      std::max(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (alignment == huge_page)
    if (void* memory = kept().take(rounded)) return memory;
  void* memory = std::aligned_alloc(alignment, rounded);
  if (memory && alignment == huge_page) madvise(memory, rounded, MADV_HUGEPAGE);
  return memory;
}

void release_memory(void* memory) noexcept {
  const std::uint64_t bytes = memory ? malloc_usable_size(memory) / huge_page * huge_page : 0;
  // a block of this size is aligned to huge pages only when it came from allocate_memory
  if (bytes >= large && reinterpret_cast<std::uintptr_t>(memory) % huge_page == 0)
    kept().keep(memory, bytes);
  else std::free(memory);
}

void forget_peak_memory() {
  // proc(5): 5 resets the peak resident set size
  std::ofstream("/proc/self/clear_refs") << 5;
}

std::uint64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  const std::string key = "VmHWM:";
  for (std::string line; std::getline(status, line);)
    if (line.compare(0, key.size(), key) == 0)
      return std::strtoull(line.c_str() + key.size(), nullptr, 10) * 1024;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace onager::host
