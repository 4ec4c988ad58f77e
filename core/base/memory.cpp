// SPDX-License-Identifier: MIT
#include "base/memory.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

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
