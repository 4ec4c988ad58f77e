// SPDX-License-Identifier: MIT
#include "plugin/channel.hpp"

#include "plugin/shared_rooms.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

namespace onager::host {

namespace {

constexpr unsigned char mark_byte = 0xA5;
constexpr long patience_nanoseconds = 20'000'000;

[[noreturn]] void refuse(const char* what) {
  throw Error(Category::plugin, std::string("its process ") + what);
}

}  // namespace

bool woken(sem_t& wake) {
  timespec until{};
  ::clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += patience_nanoseconds;
  if (until.tv_nsec >= 1'000'000'000) {
    until.tv_nsec -= 1'000'000'000;
    ++until.tv_sec;
  }
  while (::sem_clockwait(&wake, CLOCK_MONOTONIC, &until) != 0)
    if (errno != EINTR) return false;
  return true;
}

void Channel::prepare(ChannelHeader& header) {
  for (auto& wake : header.wake) ::sem_init(&wake, 1, 0);
}

Channel::Marks Channel::begin() {
  out_.clear();
  return {{tops_[0], tops_[1]}, lent_.size()};
}

void Channel::release(const Marks& marks, bool keep_views) {
  lent_.resize(marks.lent);
  tops_[index(own_)] = marks.tops[index(own_)];
  if (!keep_views) tops_[index(other())] = marks.tops[index(other())];
}

void Channel::call(const Request& request, const Answer& answer, const Patience& patience) {
  auto& header = *memory_.header;
  header.is_request = 1;
  header.function = request.function;
  header.object = request.object;
  header.worker = request.worker;
  hand_over();
  for (;;) {
    wait(patience);
    receive();
    if (header.is_request == 0) return;
    answer(*this, {header.function, header.object, header.worker});
  }
}

Channel::Request Channel::next(const Patience& patience) {
  wait(patience);
  receive();
  const auto& header = *memory_.header;
  return {header.function, header.object, header.worker};
}

void Channel::serve_from_this_thread() { memory_.header->server = ::gettid(); }

void Channel::reply() {
  memory_.header->is_request = 0;
  hand_over();
}

void Channel::hand_over() {
  auto& header = *memory_.header;
  const auto own = index(own_);
  if (out_.size() > message_size)
    throw Error(Category::plugin,
                "a message between the program and a plugin's process is too long");
  std::memcpy(header.message[own], out_.data(), out_.size());
  header.length[own] = out_.size();
  for (std::size_t i = 0; i < 2; ++i) header.tops[i] = tops_[i];
  ::sem_post(&header.wake[index(other())]);
}

void Channel::wait(const Patience& patience) {
  auto& wake = memory_.header->wake[index(own_)];
  while (!woken(wake)) patience();
}

void Channel::receive() {
  const auto& header = *memory_.header;
  const auto other_side = index(other());
  const std::uint64_t length = header.length[other_side];
  if (length > message_size) refuse("sent a message that is too long");
  in_.assign(header.message[other_side], length);
  read_ = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::uint64_t top = header.tops[i];
    if (top > memory_.arenas[i].capacity) refuse("named memory that it does not have");
    tops_[i] = top;
    most_[i] = std::max(most_[i], top);
  }
}

const char* Channel::taken(std::size_t bytes) {
  if (bytes > in_.size() - read_) refuse("sent a message that is too short");
  const char* out = in_.data() + read_;
  read_ += bytes;
  return out;
}

void Channel::put_text(const char* text) {
  constexpr std::size_t longest = message_size / 4;
  put<std::uint32_t>(text ? 1 : 0);
  const std::size_t length = text ? std::min(std::strlen(text), longest) : 0;
  put<std::uint64_t>(length);
  out_.append(text ? text : "", length);
}

std::string Channel::get_text(bool* given) {
  const bool some = get<std::uint32_t>() != 0;
  if (given) *given = some;
  const auto length = get<std::uint64_t>();
  return {taken(length), length};
}

ArenaPlace Channel::take(Side side, std::uint64_t bytes) {
  auto& top = tops_[index(side)];
  const auto capacity = arena(side).capacity;
  const std::uint64_t begin = begin_after(top);
  if (bytes > capacity || begin + margin > capacity - bytes)
    throw Error(Category::system,
                "an array is too large for the memory shared with a plugin's process");
  const ArenaPlace place{begin, bytes, 0};
  if (side == Side::plugin && own_ == Side::host) mark(place);
  top = begin + bytes + margin;
  most_[index(side)] = std::max(most_[index(side)], top);
  return place;
}

ArenaPlace Channel::take_for(Side side, const void* buffer, std::uint64_t bytes) {
  const auto found = rooms ? rooms->find(side, buffer) : std::nullopt;
  if (!found) return take(side, bytes);
  const ArenaPlace place{*found, bytes, 1};
  if (side == Side::plugin) mark(place);
  return place;
}

void Channel::mark(const ArenaPlace& place) const {
  char* data = at(Side::plugin, place);
  std::memset(data - margin, mark_byte, margin);
  std::memset(data + place.bytes, mark_byte, margin);
}

bool Channel::intact(const ArenaPlace& place) const {
  const auto* data = reinterpret_cast<const unsigned char*>(at(Side::plugin, place));
  const auto is_mark = [](unsigned char c) { return c == mark_byte; };
  return std::all_of(data - margin, data, is_mark) &&
         std::all_of(data + place.bytes, data + place.bytes + margin, is_mark);
}

void Channel::require(Side side, const ArenaPlace& place) const {
  const auto capacity = (place.in_room ? memory_.region : arena(side)).capacity;
  const bool wrong_room = place.in_room && own_ == Side::host;
  if (wrong_room || place.bytes > capacity || place.offset > capacity - place.bytes)
    refuse("named memory that it does not have");
}

std::uint64_t Channel::most_used(Side side) {
  return std::exchange(most_[index(side)], tops_[index(side)]);
}

}  // namespace onager::host
