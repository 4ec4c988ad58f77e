// SPDX-License-Identifier: MIT
#include "plugin/memory_map.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace onager::host {

MemoryMap::MemoryMap() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);
    Region region{};
    char dash = 0;
    std::string permissions, offset, device, inode, name;
    fields >> std::hex >> region.begin >> dash >> region.end >> permissions >> offset >> device >>
        inode >> name;
    if (permissions.size() < 3) continue;
    // The kernel's own pages say r but some of them fault.
    const bool kernels_own = name == "[vvar]" || name == "[vvar_vclock]" || name == "[vsyscall]";
    region.readable = permissions[0] == 'r' && !kernels_own;
    region.executable = permissions[2] == 'x';
    regions_.push_back(region);
  }
  if (regions_.empty())
    throw Error(Category::system,
                "cannot read /proc/self/maps, without which plugins cannot be checked");
}

const MemoryMap::Region* MemoryMap::find(std::uintptr_t address) const {
  const auto after =
      std::upper_bound(regions_.begin(), regions_.end(), address,
                       [](std::uintptr_t a, const Region& region) { return a < region.begin; });
  if (after == regions_.begin()) return nullptr;
  const Region& region = *(after - 1);
  return address < region.end ? &region : nullptr;
}

std::size_t MemoryMap::readable(const void* at, std::size_t most) const {
  const auto begin = reinterpret_cast<std::uintptr_t>(at);
  std::size_t found = 0;
  while (found < most) {
    const Region* region = find(begin + found);
    if (region == nullptr || !region->readable) return found;
    found = region->end - begin;
  }
  return most;
}

const MemoryMap::Region* MemoryMap::code(const void* at) const {
  const Region* region = find(reinterpret_cast<std::uintptr_t>(at));
  return region != nullptr && region->executable ? region : nullptr;
}

}  // namespace onager::host
