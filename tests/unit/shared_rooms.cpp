// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "plugin/manners.hpp"
#include "plugin/shared_rooms.hpp"

#include <vector>

using namespace onager::host;

namespace {

constexpr std::uint64_t arena = 4096;

/// A region in ordinary memory: a header, arenas of one channel, then those of two rooms.
struct Region {
  std::vector<char> bytes = std::vector<char>(6 * arena);
  ChannelHeader header{};
  char* at(std::uint64_t i) { return bytes.data() + i * arena; }
  ChannelMemory channel() {
    return {&header, {{at(0), arena}, {at(1), arena}}, {bytes.data(), bytes.size()}};
  }
  SharedRooms rooms{bytes.data(),
                    {{{{at(2), arena}, {at(3), arena}}}, {{{at(4), arena}, {at(5), arena}}}}};
};

}  // namespace

TEST_CASE("a room gives buffers that do not overlap, and is one thread's at a time") {
  Region region;
  const auto first = region.rooms.take(), second = region.rooms.take();
  REQUIRE(first);
  REQUIRE(second);
  CHECK(region.rooms.take() == nullptr);
  auto* a = static_cast<char*>(first->read(100));
  auto* b = static_cast<char*>(first->read(100));
  CHECK(a == region.at(2) + Channel::margin);
  CHECK(b >= a + 100 + 2 * Channel::margin);
  CHECK(region.rooms.find(Side::host, a) == 2 * arena + Channel::margin);
  CHECK_FALSE(region.rooms.find(Side::host, a + 8));    // within a buffer
  CHECK_FALSE(region.rooms.find(Side::plugin, a));      // of the other side
  CHECK_FALSE(region.rooms.find(Side::host, &region));  // elsewhere
  CHECK(second->written(arena) == nullptr);
  CHECK(second->written(arena - 2 * Channel::margin) != nullptr);
}

TEST_CASE("a room that is given back is empty") {
  Region region;
  const void* before = region.rooms.take()->written(8);
  CHECK_FALSE(region.rooms.find(Side::plugin, before));
  CHECK(region.rooms.take()->written(8) == before);
}

TEST_CASE("a buffer of a room is handed over where it is, and its ends are watched") {
  Region region;
  Channel host(region.channel(), Side::host);
  host.rooms = &region.rooms;
  const auto room = region.rooms.take();
  auto* numbers = static_cast<double*>(room->written(4 * sizeof(double)));
  const auto place = host.take_for(Side::plugin, numbers, 3 * sizeof(double));
  CHECK(place.in_room == 1);
  Channel plugin(region.channel(), Side::plugin);
  plugin.require(Side::plugin, place);
  auto* seen = reinterpret_cast<double*>(plugin.at(Side::plugin, place));
  CHECK(seen == numbers);
  seen[0] = seen[2] = 1;
  CHECK(host.intact(place));
  seen[3] = 1;
  CHECK_FALSE(host.intact(place));
  // what the process says of rooms is not believed
  CHECK_THROWS_WITH(host.require(Side::plugin, place),
                    "its process named memory that it does not have");
  const double elsewhere = 1;
  CHECK(host.take_for(Side::host, &elsewhere, sizeof elsewhere).in_room == 0);
}
