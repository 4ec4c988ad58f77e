// SPDX-License-Identifier: MIT
//
// The memory that the host shares with a plugin's process, and the calls that both know beside the
// ABI's functions.
#pragma once

#include "plugin/lent_functions.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace onager::host {

class SharedMemory;

/// At the beginning of the region.
struct RegionHeader {
  std::uint64_t arena = 0;  // bytes of each
  std::uint32_t channels = 0, rooms = 0;
  std::atomic<std::uint32_t> stop{0};  // the user asked for it
  sem_t quit{};                        // the process is no longer needed
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "shared between processes");

/// Where the parts lie: headers, the plugin's arenas, the host's arenas. The arenas are those of
/// the channels, then those of the rooms.
struct RegionPlan {
  RegionPlan(std::uint32_t channels, std::uint32_t rooms, std::uint64_t arena);
  std::uint32_t channels, rooms;
  std::uint64_t arena;
  std::size_t headers, plugin_arenas, host_arenas, size;

  ChannelMemory channel(char* base, std::uint32_t index) const;
  Arena arena_at(char* base, Side side, std::uint32_t index) const;
};

/// The one on which the plugin's process reports; the host calls on the others.
constexpr std::uint32_t report_channel = 0;

/// What components report while they run, as functions that the host lends to their process.
struct Reports {
  void* context;
  onager_status (*log)(const Reports*, std::int32_t level, const char* message);
  onager_status (*progress)(const Reports*, double fraction, const char* what);
  onager_status (*scalar)(const Reports*, const char* name, double value);
  onager_status (*scalar_at)(const Reports*, std::int64_t round, const char* name, double value);
  onager_status (*array)(const Reports*, const char* name, const onager_array* value);
};

namespace lent {
template <>
struct Functions<Reports> {
  using T = Reports;
  using All =
      List<LentFunction<&T::log, N<std::int32_t>, Text>,
           LentFunction<&T::progress, N<double>, Text>, LentFunction<&T::scalar, Text, N<double>>,
           LentFunction<&T::scalar_at, N<std::int64_t>, Text, N<double>>,
           LentFunction<&T::array, Text, In>>;
};
}  // namespace lent

/// What the process is to be: as bytes of a create request.
struct CreateFacts {
  std::uint64_t seed;
  std::int32_t threads;
  std::uint32_t log, progress, scalar, scalar_at, array;  // whether the host listens to them
};

/// Requests of the host that are no functions of the ABI; all are answered by the process.
struct CreateRequest {
  static inline std::uint32_t number = 0;
  static void answer(Channel& channel, std::uint64_t);
};
struct InterfaceRequest {
  static inline std::uint32_t number = 0;
  static void answer(Channel& channel, std::uint64_t component);
};

}  // namespace onager::host
