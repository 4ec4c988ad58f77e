// SPDX-License-Identifier: MIT
#include "plugin/remote_component.hpp"

#include "plugin/isolated_process.hpp"
#include "plugin/isolated_region.hpp"
#include "plugin/remote_interfaces.hpp"

#include <fmt/format.h>

#include <mutex>

namespace onager::host {

Link Link::of(const void* instance) {
  auto& component = *static_cast<RemoteComponent*>(const_cast<void*>(instance));
  Channel& channel = component.process->acquire();
  channel.component = &component;
  channel.kept = &component.kept;
  channel.planes = static_cast<std::int64_t>(component.children.size());
  return {channel, component.number, &component};
}

Link::~Link() {
  if (component_) component_->process->give_back(*channel_);
}

void Link::call(std::uint32_t function) {
  const Channel::Request request{function, object_, ThreadPool::current_worker()};
  if (component_) component_->process->call(*channel_, request);
  else channel_->call(request, answer_request, [] {});
}

void Link::refuse(const Error& error, const char* interface) const {
  if (component_ == nullptr) {
    keep_error_reason(error.what());
    return;
  }
  // whatever it was, the two are out of step
  component_->process->kill();
  throw Error(error.category(),
              fmt::format("{}, isolated, in {}: {}", component_->name, interface, error.what()));
}

// ---- interfaces

namespace {

/// The table of stubs for the functions that are offered; its struct_size is that of the interface.
template <class Interface, class... Functions>
std::shared_ptr<void> stub_table(std::uint64_t offered, List<Functions...>) {
  using Table = typename Interface::Table;
  auto table = std::make_shared<Table>();
  table->struct_size = sizeof(Table);
  std::size_t i = 0;
  ((*table.*Functions::member = (offered >> i++ & 1) ? &Functions::stub : nullptr), ...);
  return table;
}

template <class... Interfaces>
std::shared_ptr<void> stubs_of(const std::string& id, std::uint64_t offered, List<Interfaces...>) {
  std::shared_ptr<void> out;
  ((id == Interfaces::id
        ? void(out = stub_table<Interfaces>(offered, typename Interfaces::Functions{}))
        : void()),
   ...);
  return out;
}

}  // namespace

const void* RemoteComponent::interface(void* instance, const char* id) {
  if (instance == nullptr) return nullptr;
  auto& self = *static_cast<RemoteComponent*>(instance);
  static std::mutex asking;
  const std::lock_guard lock(asking);
  const auto known = self.tables.find(id);
  if (known != self.tables.end()) return known->second.get();
  Link link = Link::of(static_cast<const void*>(instance));
  std::uint64_t offered = 0;
  bool has = false;
  try {
    Channel& channel = link.channel();
    const auto marks = channel.begin();
    channel.put_text(id);
    link.call(InterfaceRequest::number);
    has = channel.get<std::uint32_t>() != 0;
    offered = channel.get<std::uint64_t>();
    channel.release(marks, false);
  } catch (const Error& error) {
    link.refuse(error, id);
  }
  auto& table = self.tables[id];
  if (has) table = stubs_of(id, offered, remote::Interfaces{});
  return table.get();
}

// ---- the children of a composite

namespace remote {

Children::Sent::Sent(Channel& channel, const onager_child** out) : to(out) {
  channel.put<std::uint32_t>(to ? 1 : 0);
}

void Children::Sent::finish(Channel& channel) {
  auto& self = *static_cast<RemoteComponent*>(channel.component);
  std::vector<onager_child> children;
  for (std::int64_t i = 0; i < channel.count; ++i) {
    auto* child = self.process->child(channel.get<std::uint64_t>());
    children.push_back({sizeof(onager_child), 0, &child->component, child});
  }
  // the list is the same at every call and may be in use
  if (to && self.children.empty()) self.children = std::move(children);
  if (to) *to = self.children.data();
}

}  // namespace remote

}  // namespace onager::host
