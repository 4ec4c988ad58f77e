// SPDX-License-Identifier: MIT
#include "plugin/registry.hpp"

#include "base/error.hpp"
#include "plugin/found_plugins.hpp"
#include "plugin/library.hpp"
#include "plugin/load_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <tuple>

namespace onager::host {

namespace {

std::size_t rank(const std::string& kind) {
  const auto& kinds = component_kinds();
  return static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
}

std::string label(const LoadedPlugin& plugin) {
  return plugin.file.empty() ? fmt::format("{} ({})", plugin.name(), plugin.origin)
                             : fmt::format("{} ({})", plugin.name(), plugin.file.string());
}

/// The same file by another path is the same.
std::filesystem::path canonical_or_same(const std::filesystem::path& file) {
  std::error_code error;
  auto out = std::filesystem::canonical(file, error);
  return error ? file : out;
}

}  // namespace

const std::vector<std::string>& component_kinds() {
  static const std::vector<std::string> kinds = {"dataset", "feature_map", "kernel",    "model",
                                                 "loss",    "optimizer",   "diagnostic"};
  return kinds;
}

std::string LoadedPlugin::name() const {
  return fmt::format("{} {}", descriptor->id, descriptor->version);
}

std::string ComponentEntry::qualified_id() const {
  return fmt::format("{}/{}", plugin->descriptor->id, component->id);
}

Registry Registry::load(const std::vector<PluginPlace>& places, const LoadRules& rules) {
  Registry registry;
  registry.places_ = places;
  registry.rules_ = rules;
  for (const auto& place : places) registry.load_place(place);
  return registry;
}

void Registry::load_place(const PluginPlace& place) {
  const std::size_t first = plugins_.size();
  const auto note = [&](const std::filesystem::path& file, const std::string& message) {
    if (!message.empty()) problems_.push_back({file, message});
  };
  std::error_code error;
  const auto type = std::filesystem::status(place.path, error).type();
  if (type == std::filesystem::file_type::not_found)
    throw Error(Category::plugin, fmt::format("{} ({}): there is no such file or folder",
                                              place.path.string(), place.origin));
  if (type != std::filesystem::file_type::directory) {
    note(place.path, load_file(place.path, place.origin, first));
    return;
  }
  const FoundPlugins found = find_plugins(place.path, rules_.pins);
  if (!found.fault.empty()) note(place.path, found.fault);
  for (const auto& file : found.files) {
    try {
      note(file, load_file(file, place.origin, first));
    } catch (const Error& problem) {
      note(file, problem.what());
    }
  }
}

const LoadedPlugin* Registry::loaded(const std::filesystem::path& canonical) const {
  for (const auto& plugin : plugins_)
    if (plugin->file == canonical) return plugin.get();
  return nullptr;
}

std::string Registry::load_file(const std::filesystem::path& file, const std::string& origin,
                                std::size_t first_of_place) {
  const auto canonical = canonical_or_same(file);
  if (loaded(canonical)) return "";
  if (rules_.refusal)
    if (const auto reason = rules_.refusal(canonical, origin); !reason.empty())
      return fmt::format("{}: not used: {}", file.string(), reason);
  if (rules_.try_first && origin != own_origin)
    try_library(file, [](const Library&) { return std::string(); });
  auto library = load_library(file);
  for (auto& warning : library.warnings) problems_.push_back({canonical, std::move(warning)});
  return admit({canonical, origin, library.descriptor}, first_of_place);
}

std::string Registry::admit(LoadedPlugin plugin, std::size_t first_of_place) {
  const auto& added = *plugin.descriptor;
  for (const auto& other : plugins_) {
    // The loader gives one library for two names of one file.
    if (other->descriptor == &added) return "";
    if (std::string(other->descriptor->id) == added.id)
      return fmt::format("{}: not used: {} has the same plugin id and comes first",
                         plugin.file.empty() ? plugin.origin : plugin.file.string(), label(*other));
  }
  plugins_.push_back(std::make_unique<LoadedPlugin>(std::move(plugin)));
  for (std::uint32_t i = 0; i < added.component_count; ++i) {
    const ComponentEntry entry{plugins_.back().get(), added.components[i]};
    report_clash(entry, first_of_place);
    const auto order = [](const ComponentEntry& e) {
      return std::make_tuple(rank(e.kind()), e.id());
    };
    const auto after = std::upper_bound(
        entries_.begin(), entries_.end(), entry,
        [&](const ComponentEntry& a, const ComponentEntry& b) { return order(a) < order(b); });
    entries_.insert(after, entry);
  }
  return "";
}

void Registry::report_clash(const ComponentEntry& entry, std::size_t first_of_place) {
  const auto* first = find(entry.kind(), entry.id());
  if (first == nullptr) return;
  const auto same_place =
      std::any_of(plugins_.begin() + static_cast<std::ptrdiff_t>(first_of_place), plugins_.end(),
                  [&](const auto& plugin) { return plugin.get() == first->plugin; });
  if (same_place)
    problems_.push_back(
        {entry.plugin->file,
         fmt::format("{}: {} '{}' is also in {} of the same folder, which '{}' means; write '{}' "
                     "for this one",
                     entry.plugin->file.string(), entry.kind(), entry.id(), label(*first->plugin),
                     entry.id(), entry.qualified_id())});
}

void Registry::add(const std::filesystem::path& file, const std::string& origin) {
  const auto refused = load_file(file, origin, plugins_.size());
  if (!refused.empty()) throw Error(Category::plugin, refused);
}

void Registry::add(const onager_plugin* descriptor, const std::string& origin) {
  check_descriptor(descriptor, origin);
  const auto refused = admit({"", origin, descriptor}, plugins_.size());
  if (!refused.empty()) throw Error(Category::plugin, refused);
}

const ComponentEntry* Registry::find(const std::string& kind, const std::string& id) const {
  const bool qualified = id.find('/') != std::string::npos;
  for (const auto& entry : entries_)
    if (entry.kind() == kind && id == (qualified ? entry.qualified_id() : entry.id()))
      return &entry;
  return nullptr;
}

std::string Registry::usable_id(const ComponentEntry& entry) const {
  const auto* meant = find(entry.kind(), entry.id());
  return meant && meant->component == entry.component ? entry.id() : entry.qualified_id();
}

std::vector<std::string> Registry::ids(const std::string& kind) const {
  std::vector<std::string> out;
  for (const auto& entry : entries_)
    if (entry.kind() == kind && (out.empty() || out.back() != entry.id()))
      out.push_back(entry.id());
  return out;
}

}  // namespace onager::host
