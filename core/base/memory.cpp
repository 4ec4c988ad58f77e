// SPDX-License-Identifier: MIT
#include "base/memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <limits>

namespace onager::host {

void* allocate_memory(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t line = 64, huge_page = 2 << 20;
  const std::uint64_t alignment = bytes < 4 * huge_page ? line : huge_page;
  if (bytes > std::numeric_limits<std::uint64_t>::max() - alignment) return nullptr;
  const std::uint64_t rounded =
      std::max(alignment, (bytes + alignment - 1) / alignment * alignment);
  void* memory = std::aligned_alloc(alignment, rounded);
  if (memory && alignment == huge_page) madvise(memory, rounded, MADV_HUGEPAGE);
  return memory;
}

}  // namespace onager::host
