// SPDX-License-Identifier: MIT
#include "conformance/component_checks.hpp"

#include "config/parameters.hpp"
#include "conformance/interface_members.hpp"
#include "plugin/memory_map.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <chrono>
#include <cstring>

namespace onager::host::conformance {

namespace {

/// Bytes that this process has allocated and not freed.
std::size_t bytes_in_use() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

const void* ask_for(Trial& trial, void* instance, const std::string& id) {
  return trial.measured("interface",
                        [&] { return trial.plan().component->interface(instance, id.c_str()); });
}

/// The members of a table that was given; "" or what is wrong.
std::string fault_of(const InterfaceTable& expected, const void* table) {
  const MemoryMap memory;
  if (memory.readable(table, sizeof(std::uint32_t)) < sizeof(std::uint32_t))
    return "lies in memory that cannot be read";
  const auto size = *static_cast<const std::uint32_t*>(table);
  if (size < expected.size)
    return fmt::format("has struct_size {}, and {} is the least; set it with sizeof", size,
                       expected.size);
  if (memory.readable(table, expected.size) < expected.size)
    return "lies in memory that cannot be read to its end";
  for (const auto& member : expected.members) {
    const void* function = nullptr;
    std::memcpy(&function, static_cast<const char*>(table) + member.offset, sizeof function);
    if (function == nullptr && !member.may_be_null)
      return fmt::format("has no {}, which may not be NULL", member.name);
    if (function != nullptr && memory.code(function) == nullptr)
      return fmt::format("has a {} that points to no code", member.name);
  }
  return "";
}

/// Names that nobody has, some of them nearly one that is offered.
std::vector<std::string> unknown_names(const std::string& known) {
  return {known + "0", known + " ", known.substr(0, known.size() - 1), "onager.unheard_of/1", ""};
}

}  // namespace

void check_texts(Trial& trial) {
  const auto& component = *trial.plan().component;
  if (std::strlen(component.summary) < 4)
    trial.report("component.texts", "its summary says nothing");
  for (const auto* parameter : parameters_of(component))
    if (std::strlen(parameter->doc) < 4)
      trial.report("component.texts",
                   fmt::format("the doc of parameter '{}' says nothing", parameter->name));
}

void check_interfaces(Trial& trial) {
  const Specimen specimen(trial);
  int offered = 0;
  for (const auto& table : interface_tables()) {
    const void* of_all = ask_for(trial, nullptr, table.id);
    const void* of_one = ask_for(trial, specimen.get(), table.id);
    if (of_all != of_one || of_one != ask_for(trial, specimen.get(), table.id))
      trial.report("component.interfaces",
                   fmt::format("asked for {}, it answers {} without an instance, {} with one",
                               table.id, of_all, of_one));
    for (const auto& name : unknown_names(table.id))
      if (ask_for(trial, specimen.get(), name) != nullptr)
        trial.report("component.interfaces",
                     fmt::format("it answers the unknown name \"{}\" with a table", name));
    if (of_one == nullptr) continue;
    ++offered;
    if (const auto fault = fault_of(table, of_one); !fault.empty())
      trial.report("component.interfaces", fmt::format("its table for {} {}", table.id, fault));
  }
  if (offered == 0)
    trial.report("component.interfaces", "it offers no interface that this Onager knows");
}

void check_creation(Trial& trial) {
  constexpr int warm_up = 40, cycles = 400;
  constexpr auto patience = std::chrono::milliseconds(150);
  constexpr std::size_t allowed = 8;  // bytes a cycle: tables that grow by themselves
  const auto make = [&] { const Specimen specimen(trial); };
  for (int i = 0; i < warm_up; ++i) make();
  const std::size_t before = bytes_in_use();
  const auto begin = std::chrono::steady_clock::now();
  std::size_t made = 0;
  while (made < cycles && std::chrono::steady_clock::now() - begin < patience) {
    make();
    ++made;
  }
  const std::size_t after = bytes_in_use();
  if (after > before && (after - before) / made > allowed)
    trial.report("component.leaks",
                 fmt::format("{} times create and destroy left {} bytes, {} each time", made,
                             after - before, (after - before) / made));
}

void check_no_memory(Trial& trial) {
  Conditions conditions;
  conditions.memory_runs_out = true;
  try {
    const Specimen specimen(trial, conditions);
  } catch (const Refused& refused) {
    if (refused.status != ONAGER_NO_MEMORY)
      trial.report("calls.no_memory",
                   fmt::format("create answered the status {} where host->allocate gave NULL: {}",
                               refused.status, refused.reason));
  }
}

}  // namespace onager::host::conformance
