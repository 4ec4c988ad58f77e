// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/call_room.hpp"
#include "plugin/channel.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace onager::host {

/// Parts of the memory that the host shares with a plugin's process, for rooms of its threads.
class SharedRooms {
 public:
  /// An arena of the host and one of the process for each room, all within the region at `base`.
  struct Arenas {
    Arena of[2];  // by side
  };
  SharedRooms(const char* base, std::vector<Arenas> rooms);

  /// Must not outlive this.
  std::unique_ptr<CallRoom> take();

  /// Where a buffer of a room lies in the region, whose first byte is at `data`: one that the
  /// process reads (Side::host) or writes. For the thread whose room it is.
  std::optional<std::uint64_t> find(Side side, const void* data) const;

 private:
  class Lease;
  struct Room {
    Arenas arenas;
    std::vector<const char*> begins[2];  // of its buffers
    std::uint64_t used[2] = {0, 0};
    bool taken = false;
  };
  const char* const base_;
  std::vector<Room> rooms_;
  std::mutex mutex_;  // of what is taken
};

}  // namespace onager::host
