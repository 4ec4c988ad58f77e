// SPDX-License-Identifier: MIT
#include "plugin/instance.hpp"

#include "plugin/component_plan.hpp"
#include "plugin/configuration.hpp"
#include "plugin/host_context.hpp"
#include "plugin/isolated_process.hpp"
#include "plugin/memory_map.hpp"

#include <fmt/format.h>

#include <cstring>
#include <map>
#include <vector>

namespace onager::host {

namespace {

constexpr const char* create_call = "create";

const char* status_name(onager_status status) {
  switch (status) {
    case ONAGER_INVALID: return "ONAGER_INVALID";
    case ONAGER_UNSUPPORTED: return "ONAGER_UNSUPPORTED";
    case ONAGER_NO_MEMORY: return "ONAGER_NO_MEMORY";
    case ONAGER_IO: return "ONAGER_IO";
    case ONAGER_NUMERICAL: return "ONAGER_NUMERICAL";
    case ONAGER_CANCELLED: return "ONAGER_CANCELLED";
    case ONAGER_NOT_FOUND: return "ONAGER_NOT_FOUND";
    default: return "ONAGER_INTERNAL";
  }
}

Category category_of(onager_status status) {
  switch (status) {
    case ONAGER_INVALID: return Category::config;
    case ONAGER_NO_MEMORY:
    case ONAGER_IO: return Category::system;
    case ONAGER_NUMERICAL: return Category::numerical;
    case ONAGER_CANCELLED: return Category::interrupted;
    default: return Category::plugin;
  }
}

bool begins_with_word(const std::string& text, const std::string& word) {
  if (text.compare(0, word.size(), word) != 0) return false;
  return text.size() == word.size() || std::strchr(" :=,[", text[word.size()]) != nullptr;
}

/// Where in the file a reason points: at the parameter that it begins with, or whose path it
/// mentions, where the user set it; else at the component.
const Where& place_of(const ComponentPlan& plan, const std::string& reason) {
  const ParameterValue* mentioned = nullptr;
  for (const auto& value : plan.values) {
    if (value.is_default) continue;
    if (begins_with_word(reason, value.parameter->name)) return value.where;
    const bool path = value.parameter->type == ONAGER_PATH && !value.text.empty() &&
                      reason.find(value.text) != std::string::npos;
    // of two paths the longer is meant: the other may be its beginning
    if (path && (!mentioned || value.text.size() > mentioned->text.size())) mentioned = &value;
  }
  return mentioned ? mentioned->where : plan.where;
}

}  // namespace

struct Instance::State {
  State(const ComponentPlan& source, Environment& environment)
      : plan(source), context(plan, environment) {}
  ~State() {
    while (!children.empty()) children.pop_back();
  }

  const ComponentPlan plan;
  HostContext context;
  std::unique_ptr<IsolatedProcess> process;  // where it and its children live; nullptr: in this one
  std::vector<std::unique_ptr<Instance>> children;
  std::vector<std::vector<onager_child>> child_tables;  // one a value
  void* instance = nullptr;
  std::map<std::string, const void*> interfaces;  // asked for and checked: they are constant
};

Instance::Instance(const ComponentPlan& plan, Environment& environment)
    : state_(std::make_unique<State>(plan, environment)) {
  if (plan.isolation.process) {
    state_->process = std::make_unique<IsolatedProcess>(plan, environment);
    state_->instance = state_->process->instance();
    return;
  }
  for (const auto& value : state_->plan.values) {
    auto& table = state_->child_tables.emplace_back();
    for (const auto& child : value.children) {
      state_->children.push_back(std::make_unique<Instance>(child, environment));
      table.push_back({sizeof(onager_child), 0, child.component, state_->children.back()->get()});
    }
  }
  const Configuration configuration(state_->plan, state_->child_tables);
  void* instance = nullptr;
  call(create_call,
       [&] { return component().create(&state_->context.table, configuration.get(), &instance); });
  if (instance == nullptr)
    throw Error(Category::plugin,
                fmt::format("{}: create reported success and gave no instance", name()));
  state_->instance = instance;
}

Instance::~Instance() {
  try {
    ask("destroy", [&] { component().destroy(state_->instance); });
  } catch (const Error& error) {
    state_->context.log(ONAGER_LOG_WARNING, error.what());
  }
}

const onager_component& Instance::component() const {
  return state_->process ? state_->process->component() : state_->context.component;
}
void* Instance::get() const { return state_->instance; }
std::string Instance::name() const { return state_->context.full_name; }
const std::vector<std::unique_ptr<Instance>>& Instance::children() const {
  return state_->children;
}
CallRooms Instance::rooms() const {
  if (!state_->process) return nullptr;
  return [process = state_->process.get()] { return process->room(); };
}
const HostContext& Instance::context() const { return state_->context; }

void Instance::check(const char* what, onager_status status) const {
  if (status == ONAGER_OK) return;
  std::string reason = take_error_reason();
  if (reason.empty())
    reason = fmt::format("the plugin gave no reason (status {}, {})", status, status_name(status));
  const Category category = category_of(status);
  // The user's parameters or files are at fault: which plugin it was is of no help to them.
  if (category == Category::config || category == Category::system)
    throw Error(category, located(place_of(state_->plan, reason),
                                  fmt::format("{}: {}", state_->context.short_name, reason)));
  throw Error(category, fmt::format("{}, in {}: {}", name(), what, reason));
}

void Instance::refuse_exception(const char* what) const {
  std::string text = "an exception of unknown type";
  try {
    throw;
  } catch (const std::exception& error) {
    text = fmt::format("an exception: {}", error.what());
  } catch (...) {
  }
  throw Error(Category::plugin,
              fmt::format("{}, in {}: the plugin let an exception out of a C function, which it "
                          "must turn into a status: {}",
                          name(), what, text));
}

const void* Instance::interface_table(const char* id, std::size_t least_size) const {
  if (const auto known = state_->interfaces.find(id); known != state_->interfaces.end())
    return known->second;
  const void* table = ask("interface", [&] { return component().interface(get(), id); });
  if (table == nullptr) return state_->interfaces[id] = nullptr;
  if (MemoryMap().readable(table, least_size) < sizeof(std::uint32_t))
    throw Error(Category::plugin, fmt::format("{}: its table for {} lies in memory that cannot be "
                                              "read ({})",
                                              name(), id, table));
  const auto size = *static_cast<const std::uint32_t*>(table);
  if (size < least_size)
    throw Error(Category::plugin,
                fmt::format("{}: its table for {} has struct_size {}, and {} is the least; set it "
                            "with sizeof",
                            name(), id, size, least_size));
  return state_->interfaces[id] = table;
}

}  // namespace onager::host
