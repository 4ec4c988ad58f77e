// SPDX-License-Identifier: MIT
#include "plugin/isolated_region.hpp"

#include "plugin/isolated_process.hpp"
#include "plugin/remote_interfaces.hpp"
#include "plugin/shared_memory.hpp"

namespace onager::host {

const char* const isolated_argument = "--isolated-plugin";

RegionPlan::RegionPlan(std::uint32_t channel_count, std::uint32_t room_count, std::uint64_t bytes)
    : channels(channel_count),
      rooms(room_count),
      arena(whole_pages(bytes)),
      headers(whole_pages(sizeof(RegionHeader))),
      plugin_arenas(headers + channels * whole_pages(sizeof(ChannelHeader))),
      host_arenas(plugin_arenas + (channels + rooms) * arena),
      size(host_arenas + (channels + rooms) * arena) {}

ChannelMemory RegionPlan::channel(char* base, std::uint32_t index) const {
  ChannelMemory out;
  out.header =
      reinterpret_cast<ChannelHeader*>(base + headers + index * whole_pages(sizeof(ChannelHeader)));
  for (const auto side : {Side::host, Side::plugin})
    out.arenas[static_cast<std::size_t>(side)] = arena_at(base, side, index);
  out.region = {base, size};
  return out;
}

Arena RegionPlan::arena_at(char* base, Side side, std::uint32_t index) const {
  return {base + (side == Side::host ? host_arenas : plugin_arenas) + index * arena, arena};
}

namespace {

template <class Member>
void number(std::vector<AnswerFunction>& all) {
  Member::number = static_cast<std::uint32_t>(all.size());
  all.push_back(&Member::answer);
}

template <class... Members>
void number_list(std::vector<AnswerFunction>& all, List<Members...>) {
  (number<Members>(all), ...);
}

template <class... Interfaces>
void number_interfaces(std::vector<AnswerFunction>& all, List<Interfaces...>) {
  (number_list(all, typename Interfaces::Functions{}), ...);
}

std::vector<AnswerFunction> numbered() {
  std::vector<AnswerFunction> all;
  number<CreateRequest>(all);
  number<InterfaceRequest>(all);
  number<RemoteCotangent>(all);
  number_interfaces(all, remote::Interfaces{});
  number_list(all, FunctionsOf<onager_operator>{});
  number_list(all, FunctionsOf<onager_objective>{});
  number_list(all, FunctionsOf<onager_learning>{});
  number_list(all, FunctionsOf<onager_network>{});
  number_list(all, FunctionsOf<onager_view>{});
  number_list(all, FunctionsOf<Reports>{});
  return all;
}

}  // namespace

const std::vector<AnswerFunction>& remote_functions() {
  static const auto all = numbered();
  return all;
}

void answer_request(Channel& channel, const Channel::Request& request) {
  const auto& all = remote_functions();
  if (request.function >= all.size())
    throw Error(Category::plugin, "its process asked for a function that there is not");
  all[request.function](channel, request.object);
}

}  // namespace onager::host
