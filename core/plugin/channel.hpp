// SPDX-License-Identifier: MIT
//
// How a thread of the host and one of a plugin's process call each other's functions. One of the
// two runs at a time: a call hands over, and a call back while it lasts hands over the other way.
// Small values travel in a message; arrays lie in the two arenas of the channel, which work as
// stacks: that of the host, which the plugin's process can only read, and that of the process.
#pragma once

#include "base/error.hpp"

#include <onager/abi.h>

#include <semaphore.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

namespace onager::host {

enum class Side : std::uint32_t { host = 0, plugin = 1 };

constexpr std::size_t message_size = 32 << 10;

/// What both sides see of a channel. The host believes nothing of it without a check.
struct ChannelHeader {
  sem_t wake[2];  // by the side that sleeps
  std::uint32_t is_request;
  std::uint32_t function;
  std::uint64_t object;
  std::int32_t worker;      // of the caller's thread pool, or -1
  std::int32_t server;      // the thread that serves the channel
  std::uint64_t tops[2];    // bytes used of the arenas, by their side
  std::uint64_t length[2];  // of the messages, by the side that wrote
  char message[2][message_size];
};

struct Arena {
  char* base = nullptr;
  std::uint64_t capacity = 0;
};

struct ChannelMemory {
  ChannelHeader* header = nullptr;
  Arena arenas[2];
  Arena region;  // all of the shared memory
};

/// Where an array of a message lies: in an arena of the channel, or in a room of the host's
/// threads, which is anywhere in the region.
struct ArenaPlace {
  std::uint64_t offset = 0, bytes = 0;
  std::uint64_t in_room = 0;
};

class SharedRooms;

/// Waits for a moment at most; false when nobody posted.
bool woken(sem_t& wake);

class Channel {
 public:
  struct Request {
    std::uint32_t function;
    std::uint64_t object;
    std::int32_t worker;
  };
  using Answer = std::function<void(Channel&, const Request&)>;
  /// Called again and again while the other side is waited for; throws Error to give up.
  using Patience = std::function<void()>;

  Channel(ChannelMemory memory, Side own) : memory_(memory), own_(own) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  static void prepare(ChannelHeader& header);

  /// Bytes before and after a buffer, for the marks.
  static constexpr std::uint64_t margin = 64;
  /// Where the next buffer begins after so many bytes that are used.
  static constexpr std::uint64_t begin_after(std::uint64_t used) {
    return (used + margin - 1) / margin * margin + margin;
  }

  Side own() const { return own_; }
  Side other() const { return own_ == Side::host ? Side::plugin : Side::host; }

  /// Waits for a request, however long. For the side that serves.
  Request next(const Patience& patience);

  // ---- a call: begin(), put the arguments, call(), get the answer, release()

  struct Marks {
    std::uint64_t tops[2];
    std::size_t lent;
  };
  Marks begin();
  /// Hands over and waits for the reply; requests that come meanwhile are answered.
  void call(const Request& request, const Answer& answer, const Patience& patience);
  /// Frees what the call took of the arenas (of the other side's not, where it lent a view) and
  /// takes back what it lent.
  void release(const Marks& marks, bool keep_views);

  // ---- an answer: get the arguments, begin_reply(), put the results, reply()

  void begin_reply() { out_.clear(); }
  void reply();

  // ---- messages

  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <class T>
  T get() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, taken(sizeof value), sizeof value);
    return value;
  }
  /// Too long ones are cut; nullptr stays nullptr, "" in get_text.
  void put_text(const char* text);
  std::string get_text(bool* given = nullptr);

  // ---- arenas

  /// Room in the arena of one side. In that of the plugin's process with marks before and after it,
  /// which intact() looks for.
  ArenaPlace take(Side side, std::uint64_t bytes);
  /// The same for a buffer of the caller's; where that lies in a room, its own place, which needs
  /// no copy.
  ArenaPlace take_for(Side side, const void* buffer, std::uint64_t bytes);
  const Arena& arena(Side side) const { return memory_.arenas[index(side)]; }
  bool intact(const ArenaPlace& place) const;
  char* at(Side side, const ArenaPlace& place) const {
    return (place.in_room ? memory_.region : arena(side)).base + place.offset;
  }
  /// Throws Error(plugin) where the arena has no such place.
  void require(Side side, const ArenaPlace& place) const;

  // ---- objects that the other side may call back, for as long as a call lasts

  template <class T>
  std::uint64_t lend(const T* object) {
    lent_.push_back({object, &type_of<T>});
    return lent_.size() - 1;
  }
  template <class T>
  const T* lent(std::uint64_t object) const {
    if (object >= lent_.size() || lent_[object].type != &type_of<T>)
      throw Error(Category::plugin, "its process called back what it was not given");
    return static_cast<const T*>(lent_[object].object);
  }

  /// The most bytes that a side's arena held since the last question.
  std::uint64_t most_used(Side side);

  // What one argument tells those after it.
  std::int64_t count = 0;
  std::int64_t planes = 0;
  bool lower_part = false;
  /// The thread of the plugin's process that serves the channel; 0 before it does.
  std::int32_t server_thread() const { return memory_.header->server; }
  void serve_from_this_thread();
  /// The processor to which that thread is confined, as the host knows; -1: it is not.
  int processor = -1;
  /// The rooms of the host's threads, on its side.
  const SharedRooms* rooms = nullptr;
  /// Where lists go that outlive the call.
  std::vector<std::int64_t>* kept = nullptr;
  /// Whose function is called, on the host's side.
  void* component = nullptr;
  /// Who serves the requests, on the side of the plugin's process.
  void* server = nullptr;

 private:
  template <class T>
  static constexpr char type_of = 0;
  struct Lent {
    const void* object;
    const void* type;
  };

  static std::size_t index(Side side) { return static_cast<std::size_t>(side); }
  void mark(const ArenaPlace& place) const;
  const char* taken(std::size_t bytes);
  void hand_over();
  void wait(const Patience& patience);
  void receive();

  ChannelMemory memory_;
  const Side own_;
  std::uint64_t tops_[2] = {0, 0}, most_[2] = {0, 0};
  std::string out_, in_;
  std::size_t read_ = 0;
  std::vector<Lent> lent_;
};

}  // namespace onager::host
