// SPDX-License-Identifier: MIT
#include "plugin/shared_rooms.hpp"

#include <algorithm>

namespace onager::host {

class SharedRooms::Lease : public CallRoom {
 public:
  Lease(SharedRooms& rooms, Room& room) : rooms_(rooms), room_(room) {}
  ~Lease() override {
    for (auto& begins : room_.begins) begins.clear();
    for (auto& used : room_.used) used = 0;
    const std::lock_guard lock(rooms_.mutex_);
    room_.taken = false;
  }
  void* read(std::size_t bytes) override { return buffer(Side::host, bytes); }
  void* written(std::size_t bytes) override { return buffer(Side::plugin, bytes); }

 private:
  void* buffer(Side side, std::size_t bytes) {
    const auto i = static_cast<std::size_t>(side);
    const auto& arena = room_.arenas.of[i];
    const auto begin = Channel::begin_after(room_.used[i]);
    const auto end = begin + bytes + Channel::margin;
    if (bytes > arena.capacity || end > arena.capacity) return nullptr;
    room_.used[i] = end;
    room_.begins[i].push_back(arena.base + begin);
    return arena.base + begin;
  }

  SharedRooms& rooms_;
  Room& room_;
};

SharedRooms::SharedRooms(const char* base, std::vector<Arenas> arenas) : base_(base) {
  for (const auto& one : arenas) rooms_.push_back({one, {}, {0, 0}, false});
}

std::unique_ptr<CallRoom> SharedRooms::take() {
  const std::lock_guard lock(mutex_);
  for (auto& room : rooms_) {
    if (room.taken) continue;
    room.taken = true;
    return std::make_unique<Lease>(*this, room);
  }
  return nullptr;
}

std::optional<std::uint64_t> SharedRooms::find(Side side, const void* data) const {
  const auto i = static_cast<std::size_t>(side);
  const auto* at = static_cast<const char*>(data);
  for (const auto& room : rooms_) {
    const auto& arena = room.arenas.of[i];
    if (at < arena.base || at >= arena.base + arena.capacity) continue;
    const auto& begins = room.begins[i];
    if (std::find(begins.begin(), begins.end(), at) == begins.end()) return std::nullopt;
    return static_cast<std::uint64_t>(at - base_);
  }
  return std::nullopt;
}

}  // namespace onager::host
