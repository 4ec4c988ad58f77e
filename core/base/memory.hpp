// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <new>

namespace onager::host {

/// Memory for `bytes`, aligned to 64 bytes and not initialised; nullptr when there is none. Large
/// blocks ask the system for huge pages: an n x n matrix then costs a few page faults in place of
/// tens of thousands. The last large block that was released is kept for the next request of at
/// least 1 / kept_block_excess of its size, and given back to the system at any other large
/// request.
void* allocate_memory(std::uint64_t bytes) noexcept;
void release_memory(void* memory) noexcept;
constexpr double kept_block_excess = 2.5;

/// Bytes of memory that this process has held at most. Of this program only: what the one that
/// started it held before does not count, as it does in getrusage().
std::uint64_t peak_memory();
/// Lets peak_memory() begin anew at what is held now, where the kernel allows that.
void forget_peak_memory();

/// count numbers of type T in such memory, not initialised.
template <class T>
class Numbers {
 public:
  Numbers() = default;
  explicit Numbers(std::int64_t count)
      : data_(static_cast<T*>(allocate_memory(static_cast<std::uint64_t>(count) * sizeof(T)))) {
    if (!data_) throw std::bad_alloc();
  }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(T* p) const { release_memory(p); }
  };
  std::unique_ptr<T, Free> data_;
};

}  // namespace onager::host
