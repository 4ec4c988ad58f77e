// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace onager::host {

/// Memory that a process and one it starts see both. Pages are taken when they are first written,
/// so that it may be as large as the address space.
class SharedMemory {
 public:
  /// New, filled with zeros. Throws Error(system).
  explicit SharedMemory(std::size_t bytes);
  /// Another process's, by the descriptor that was inherited; what lies in [read_only_from,
  /// read_only_to) can be read only. Takes the descriptor. Throws Error(system).
  SharedMemory(int descriptor, std::size_t read_only_from, std::size_t read_only_to);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  char* data() const { return data_; }
  std::size_t size() const { return size_; }
  int descriptor() const { return descriptor_; }

  /// Gives pages back to the system; they read as zeros again.
  void forget(std::size_t from, std::size_t bytes) const;

 private:
  int descriptor_ = -1;
  std::size_t size_ = 0;
  char* data_ = nullptr;
};

/// Bytes rounded up to whole pages.
std::size_t whole_pages(std::size_t bytes);

}  // namespace onager::host
