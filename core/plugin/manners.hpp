// SPDX-License-Identifier: MIT
//
// How each kind of argument of the ABI's functions gets to another process and back. A manner has
// two faces: Sent, on the caller's side, puts the argument into the message and takes what the
// callee did to it from the reply; Taken, on the callee's side, holds what the function is called
// with and puts the result into the reply.
#pragma once

#include "plugin/channel.hpp"

#include <onager/abi.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// A text that lives to the end of the program.
const char* kept_text(const std::string& text);

std::uint64_t bytes_of(const onager_array& array);
/// The array's elements, row after row, or the other way round. With `lower` only the lower part of
/// a square matrix.
void copy_out(const onager_array& from, char* dense, bool lower = false);
void copy_in(const char* dense, const onager_array& to, bool lower = false);
/// Puts type and size; nullptr has none.
void put_shape(Channel& channel, const onager_array* array);
/// An array without data; nothing for nullptr. Throws Error(plugin) on nonsense.
std::optional<onager_array> get_shape(Channel& channel);
void put_place(Channel& channel, const ArenaPlace& place);
ArenaPlace get_place(Channel& channel, Side side);
/// The data of an array whose place comes next. Throws Error(plugin) where it is too small.
char* get_data(Channel& channel, Side side, const onager_array& array);

/// Whether the arrays of calls come and go with a call, or stay until the call around it ends.
template <class Manner>
constexpr bool lends_views = false;

/// What every manner does unless it says otherwise.
struct Plain {
  void finish(Channel&) {}
  void reply(Channel&) {}
};

// ---- numbers and texts

template <class T>
struct Number {
  struct Sent : Plain {
    Sent(Channel& channel, T value) { channel.put(value); }
  };
  struct Taken : Plain {
    explicit Taken(Channel& channel) : value(channel.get<T>()) {}
    T arg() { return value; }
    T value;
  };
};

/// The length of the buffers or the list that follow.
struct Count {
  struct Sent : Plain {
    Sent(Channel& channel, std::int64_t value) {
      channel.put(value);
      channel.count = value;
    }
  };
  struct Taken : Plain {
    explicit Taken(Channel& channel) : value(channel.get<std::int64_t>()) { channel.count = value; }
    std::int64_t arg() { return value; }
    std::int64_t value;
  };
};

/// Which part of the matrix that follows is meant.
struct Part {
  struct Sent : Plain {
    Sent(Channel& channel, std::int32_t value) {
      channel.put(value);
      channel.lower_part = value == ONAGER_LOWER;
    }
  };
  struct Taken : Plain {
    explicit Taken(Channel& channel) : value(channel.get<std::int32_t>()) {}
    std::int32_t arg() { return value; }
    std::int32_t value;
  };
};

struct Text {
  struct Sent : Plain {
    Sent(Channel& channel, const char* text) { channel.put_text(text); }
  };
  struct Taken : Plain {
    explicit Taken(Channel& channel) : text(channel.get_text(&given)) {}
    const char* arg() { return given ? text.c_str() : nullptr; }
    bool given = false;
    std::string text;
  };
};

/// A number that the callee sets; may be NULL.
template <class T>
struct Set {
  struct Sent {
    Sent(Channel& channel, T* out) : to(out) { channel.put<std::uint32_t>(to ? 1 : 0); }
    void finish(Channel& channel) {
      const T value = channel.get<T>();
      if (to) *to = value;
    }
    T* to;
  };
  struct Taken {
    explicit Taken(Channel& channel) : wanted(channel.get<std::uint32_t>() != 0) {}
    T* arg() { return wanted ? &value : nullptr; }
    void reply(Channel& channel) { channel.put(value); }
    bool wanted;
    T value{};
  };
};

// ---- arrays

struct In {
  struct Sent : Plain {
    Sent(Channel& channel, const onager_array* array) {
      put_shape(channel, array);
      if (array == nullptr) return;
      place = channel.take(channel.own(), bytes_of(*array));
      copy_out(*array, channel.at(channel.own(), place));
      put_place(channel, place);
    }
    ArenaPlace place;
  };
  struct Taken : Plain {
    explicit Taken(Channel& channel) : array(get_shape(channel)) {
      if (array) array->data = get_data(channel, channel.other(), *array);
    }
    const onager_array* arg() { return array ? &*array : nullptr; }
    std::optional<onager_array> array;
  };
};

/// Written by the callee. `copies` says whether the callee sees what it held before.
template <bool copies>
struct Written {
  struct Sent {
    Sent(Channel& channel, onager_array* out) : to(out), lower(channel.lower_part) {
      channel.lower_part = false;
      put_shape(channel, to);
      if (to == nullptr) return;
      place = channel.take(channel.other(), bytes_of(*to));
      if (copies) copy_out(*to, channel.at(channel.other(), place));
      put_place(channel, place);
    }
    void finish(Channel& channel) {
      if (to == nullptr) return;
      if (channel.own() == Side::host && !channel.intact(place))
        throw Error(Category::plugin, "it wrote past the ends of its output");
      copy_in(channel.at(channel.other(), place), *to, lower);
    }
    onager_array* to;
    bool lower;
    ArenaPlace place;
  };
  struct Taken : Plain {
    explicit Taken(Channel& channel) : array(get_shape(channel)) {
      if (array) array->data = get_data(channel, channel.own(), *array);
    }
    onager_array* arg() { return array ? &*array : nullptr; }
    std::optional<onager_array> array;
  };
};
using Out = Written<false>;
using InOut = Written<true>;

/// Set by the callee to a view of what it has.
struct View {
  struct Sent {
    Sent(Channel&, onager_array* array) : to(array) {}
    void finish(Channel& channel) {
      auto array = get_shape(channel);
      if (!array) return;
      array->data = get_data(channel, channel.other(), *array);
      array->struct_size = to->struct_size;
      *to = *array;
    }
    onager_array* to;
  };
  struct Taken {
    explicit Taken(Channel&) {}
    onager_array* arg() { return &array; }
    void reply(Channel& channel) { In::Sent(channel, &array); }
    onager_array array{sizeof(onager_array), ONAGER_FLOAT64, nullptr, 0, 0, 0, 0};
  };
};
template <>
inline constexpr bool lends_views<View> = true;

// ---- buffers of `count` numbers, and lists; may be NULL

template <class T>
struct InBuffer {
  struct Sent : Plain {
    Sent(Channel& channel, const T* data) {
      channel.put<std::uint32_t>(data ? 1 : 0);
      if (data == nullptr) return;
      const auto place = channel.take_for(
          channel.own(), data,
          static_cast<std::uint64_t>(std::max<std::int64_t>(channel.count, 0)) * sizeof(T));
      if (!place.in_room) std::memcpy(channel.at(channel.own(), place), data, place.bytes);
      put_place(channel, place);
    }
  };
  struct Taken : Plain {
    explicit Taken(Channel& channel) {
      if (channel.get<std::uint32_t>() == 0) return;
      const auto place = get_place(channel, channel.other());
      if (place.bytes / sizeof(T) <
          static_cast<std::uint64_t>(std::max<std::int64_t>(channel.count, 0)))
        throw Error(Category::plugin, "its process sent a list that is too short");
      data = reinterpret_cast<const T*>(channel.at(channel.other(), place));
    }
    const T* arg() { return data; }
    const T* data = nullptr;
  };
};

template <class T>
struct OutBuffer {
  struct Sent {
    Sent(Channel& channel, T* out) : to(out) {
      channel.put<std::uint32_t>(to ? 1 : 0);
      if (to == nullptr) return;
      place = channel.take_for(
          channel.other(), to,
          static_cast<std::uint64_t>(std::max<std::int64_t>(channel.count, 0)) * sizeof(T));
      put_place(channel, place);
    }
    void finish(Channel& channel) {
      if (to == nullptr) return;
      if (channel.own() == Side::host && !channel.intact(place))
        throw Error(Category::plugin, "it wrote past the ends of its output");
      if (!place.in_room) std::memcpy(to, channel.at(channel.other(), place), place.bytes);
    }
    T* to;
    ArenaPlace place;
  };
  struct Taken : Plain {
    explicit Taken(Channel& channel) {
      if (channel.get<std::uint32_t>() == 0) return;
      const auto place = get_place(channel, channel.own());
      data = reinterpret_cast<T*>(channel.at(channel.own(), place));
    }
    T* arg() { return data; }
    T* data = nullptr;
  };
};

/// Several buffers of `count` numbers, as many as `channel.planes` says; may be NULL.
template <class T, class Buffer, class Pointer>
struct Planes {
  struct Sent {
    Sent(Channel& channel, Pointer const* data) {
      channel.put<std::int64_t>(data ? channel.planes : -1);
      for (std::int64_t i = 0; data && i < channel.planes; ++i) sent.emplace_back(channel, data[i]);
    }
    void finish(Channel& channel) {
      for (auto& one : sent) one.finish(channel);
    }
    std::vector<typename Buffer::Sent> sent;
  };
  struct Taken {
    explicit Taken(Channel& channel) : planes(channel.get<std::int64_t>()) {
      for (std::int64_t i = 0; i < planes; ++i)
        pointers.push_back(typename Buffer::Taken(channel).arg());
    }
    Pointer const* arg() { return planes < 0 ? nullptr : pointers.data(); }
    void reply(Channel&) {}
    std::int64_t planes;
    std::vector<Pointer> pointers;
  };
};
template <class T>
using InPlanes = Planes<T, InBuffer<T>, const T*>;
template <class T>
using OutPlanes = Planes<T, OutBuffer<T>, T*>;

// ---- records that the callee fills

void put_record(Channel& channel, const onager_dataset_info& record);
void put_record(Channel& channel, const onager_feature_group& record);
void put_record(Channel& channel, const onager_array_info& record);
void put_record(Channel& channel, const onager_model_part& record);
void put_record(Channel& channel, const onager_step& record);
void get_record(Channel& channel, onager_dataset_info& record);
void get_record(Channel& channel, onager_feature_group& record);
void get_record(Channel& channel, onager_array_info& record);
void get_record(Channel& channel, onager_model_part& record);
/// The list of samples goes to channel.kept.
void get_record(Channel& channel, onager_step& record);

template <class T>
struct Record {
  struct Sent {
    Sent(Channel& channel, T* out) : to(out) { channel.put(*to); }
    void finish(Channel& channel) { get_record(channel, *to); }
    T* to;
  };
  struct Taken {
    explicit Taken(Channel& channel) : record(channel.get<T>()) {
      record.struct_size = sizeof record;
    }
    T* arg() { return &record; }
    void reply(Channel& channel) { put_record(channel, record); }
    T record;
  };
};

}  // namespace onager::host
