// SPDX-License-Identifier: MIT
#include "conformance/specimen.hpp"

#include "base/memory.hpp"
#include "plugin/configuration.hpp"
#include "plugin/host_context.hpp"
#include "plugin/memory_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace onager::host::conformance {

namespace {

/// Components may allocate from any thread.
std::mutex allocation_mutex;

}  // namespace

/// The host's table with calls of our own in it; the services know the context behind it.
struct Specimen::Disturbed : onager_host {
  Disturbed(Specimen& specimen, const ComponentPlan& plan, Environment& environment)
      : onager_host{}, owner(specimen), context_(plan, environment) {
    static_cast<onager_host&>(*this) = context_.table;
    onager_host::allocate = Specimen::allocate;
    onager_host::release = Specimen::release;
  }
  static Specimen& owner_of(const onager_host* host) {
    return static_cast<const Disturbed*>(host)->owner;
  }
  Specimen& owner;

 private:
  HostContext context_;
};

void* Specimen::allocate(const onager_host* host, std::uint64_t bytes) {
  Specimen& self = Disturbed::owner_of(host);
  if (self.conditions_.memory_runs_out) return nullptr;
  void* memory = allocate_memory(bytes);
  if (memory == nullptr) return nullptr;
  const std::lock_guard lock(allocation_mutex);
  self.blocks_[memory] = static_cast<std::int64_t>(bytes);
  self.held_ += static_cast<std::int64_t>(bytes);
  self.most_held_ = std::max(self.most_held_, self.held_);
  return memory;
}

void Specimen::release(const onager_host* host, void* memory) {
  if (memory == nullptr) return;
  Specimen& self = Disturbed::owner_of(host);
  const std::lock_guard lock(allocation_mutex);
  const auto block = self.blocks_.find(memory);
  if (block == self.blocks_.end()) {
    self.trial_.report("memory.release",
                       "host->release was given memory that host->allocate did not give");
    return;
  }
  self.held_ -= block->second;
  self.blocks_.erase(block);
  release_memory(memory);
}

Specimen::Specimen(Trial& trial, const Conditions& conditions)
    : trial_(trial), conditions_(conditions) {
  environment_.seed = conditions.seed;
  environment_.threads = conditions.threads;
  environment_.emit.scalar = [this](const std::string& name, double value) {
    emitted_.push_back({name, -1, Table(1, 1, value)});
  };
  environment_.emit.scalar_at = [this](std::int64_t round, const std::string& name, double value) {
    emitted_.push_back({name, round, Table(1, 1, value)});
  };
  environment_.emit.array = [this](const std::string& name, const onager_array& value) {
    emitted_.push_back({name, -1, Table::copy_of(value)});
  };
  const ComponentPlan& plan = trial.plan();
  std::vector<std::vector<onager_child>> child_tables;
  for (const auto& value : plan.values) {
    auto& table = child_tables.emplace_back();
    for (const auto& child : value.children) {
      children_.push_back(std::make_unique<Instance>(child, environment_));
      table.push_back({sizeof(onager_child), 0, child.component, children_.back()->get()});
    }
  }
  host_ = std::make_unique<Disturbed>(*this, plan, environment_);
  const Configuration configuration(plan, child_tables);
  const auto create = [&] {
    return component().create(host_.get(), configuration.get(), &instance_);
  };
  const onager_status status = conditions.on_a_thread ? create() : trial.ask("create", create);
  if (status != ONAGER_OK)
    throw Refused{status, conditions.on_a_thread ? take_error_reason() : trial.reason()};
  if (instance_ == nullptr) {
    trial.report("component.creates", "create returned ONAGER_OK and left *instance NULL");
    throw CheckEnds{};
  }
}

Specimen::~Specimen() {
  try {
    trial_.measured("destroy", [&] { component().destroy(instance_); });
  } catch (const CheckEnds&) {
    // said already
  }
  if (held_ != 0)
    trial_.report("component.leaks",
                  fmt::format("destroy left {} bytes of host->allocate unreleased", held_));
  while (!children_.empty()) children_.pop_back();
}

const void* Specimen::table(const char* id, std::size_t least_size) const {
  const void* at = trial_.measured("interface", [&] { return component().interface(get(), id); });
  if (at == nullptr || trial_.known_tables.count({id, at}) != 0) return at;
  const auto unusable = [&](const std::string& why) {
    trial_.report("component.interfaces", fmt::format("the table for {} {}", id, why));
    throw CheckEnds{};
  };
  const MemoryMap memory;
  if (memory.readable(at, sizeof(std::uint32_t)) < sizeof(std::uint32_t))
    unusable("lies in memory that cannot be read");
  const auto size = *static_cast<const std::uint32_t*>(at);
  if (size < least_size)
    unusable(fmt::format("has struct_size {}, and {} is the least; set it with sizeof", size,
                         least_size));
  trial_.known_tables.insert({id, at});
  return at;
}

}  // namespace onager::host::conformance
