// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace onager::host {

/// Memory for what one thread's calls into a component read and write, which the component sees
/// without a copy. It lasts as long as the room.
class CallRoom {
 public:
  virtual ~CallRoom() = default;
  /// For a component to read from, from its first byte on. nullptr where there is no more.
  virtual void* read(std::size_t bytes) = 0;
  /// For a component to write to, from its first byte on: what lies behind the part that a call is
  /// given is lost. nullptr where there is no more.
  virtual void* written(std::size_t bytes) = 0;
};

/// A room for the thread that calls it; nullptr where all are taken.
using CallRooms = std::function<std::unique_ptr<CallRoom>()>;

/// Numbers that grow, in a room where there is one. What they were is lost as they do.
template <class T>
class CallNumbers {
 public:
  void grow_read(std::size_t size, CallRoom* room) {
    if (size > size_) set(size, room ? room->read(size * sizeof(T)) : nullptr);
  }
  void grow_written(std::size_t size, CallRoom* room) {
    if (size > size_) set(size, room ? room->written(size * sizeof(T)) : nullptr);
  }
  T* data() { return data_; }
  T& operator[](std::size_t i) { return data_[i]; }

 private:
  void set(std::size_t size, void* shared) {
    if (shared == nullptr) own_.resize(size);
    data_ = shared ? static_cast<T*>(shared) : own_.data();
    size_ = size;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::vector<T> own_;
};

}  // namespace onager::host
