// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace onager::host {

/// What of this process's memory may be read and run, as it was when the object was made.
class MemoryMap {
 public:
  struct Region {
    std::uintptr_t begin, end;
    bool readable, executable;
  };

  /// Throws Error(system) when the system does not tell.
  MemoryMap();

  /// How many bytes can be read from this address on, at most `most`.
  std::size_t readable(const void* at, std::size_t most) const;
  /// The region of code that holds the address, or nullptr.
  const Region* code(const void* at) const;

 private:
  const Region* find(std::uintptr_t address) const;
  std::vector<Region> regions_;  // ascending
};

}  // namespace onager::host
