// SPDX-License-Identifier: MIT
//
// Memory of the host: aligned to 64 bytes, released at the end of the scope.
#pragma once

#include <onager/plugin.hpp>

namespace onager {

/// count numbers of type T, not initialised.
template <class T>
class Buffer {
 public:
  Buffer(const Host& host, std::int64_t count) : host_(host) {
    const auto bytes = static_cast<std::uint64_t>(count) * sizeof(T);
    data_ = static_cast<T*>(host_.raw()->allocate(host_.raw(), bytes));
    if (data_ == nullptr)
      throw Error(ONAGER_NO_MEMORY,
                  "there is no memory for " + std::to_string(bytes >> 20) + " MiB");
  }
  ~Buffer() { host_.raw()->release(host_.raw(), data_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  T* data() const { return data_; }

 private:
  Host host_;
  T* data_ = nullptr;
};

}  // namespace onager
