// SPDX-License-Identifier: MIT
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "config/document.hpp"
#include "pipeline/run.hpp"

#include <fmt/format.h>

#include <map>

namespace onager::host {

namespace {

void collect(const ComponentPlan& component, std::map<std::string, const LoadedPlugin*>& plugins) {
  plugins.emplace(component.plugin->descriptor->id, component.plugin);
  for (const auto& value : component.values)
    for (const auto& child : value.children) collect(child, plugins);
}

std::map<std::string, const LoadedPlugin*> plugins_of(const Plan& plan) {
  std::map<std::string, const LoadedPlugin*> plugins;
  collect(plan.dataset, plugins);
  for (const auto& map : plan.feature_maps) collect(map, plugins);
  if (plan.is_network()) {
    collect(plan.model, plugins);
    collect(plan.loss, plugins);
  } else {
    collect(plan.kernel, plugins);
  }
  collect(plan.optimizer, plugins);
  for (const auto& diagnostic : plan.diagnostics) collect(diagnostic, plugins);
  return plugins;
}

std::string text_of(const Node& table, const char* key) {
  const Node* node = table.find(key);
  return node && node->kind == NodeKind::string ? node->text : "";
}

}  // namespace

std::string lock_toml(const Plan& plan) {
  std::string out;
  for (const auto& [id, plugin] : plugins_of(plan)) {
    const auto& d = *plugin->descriptor;
    out += fmt::format("{}[[plugin]]\nid = {}\nversion = {}\nabi = \"{}.{}\"\nfile = {}\n",
                       out.empty() ? "" : "\n", toml_string(id), toml_string(d.version),
                       d.abi_major, d.abi_minor, toml_string(plugin->file.string()));
    if (!plugin->file.empty())
      out += fmt::format("sha256 = {}\n", toml_string(sha256_file(plugin->file)));
  }
  return out;
}

void require_locked(const Plan& plan, const std::filesystem::path& lock_file) {
  const Node document = read_document(lock_file);
  std::map<std::string, const Node*> locked;
  if (const Node* list = document.find("plugin"))
    for (const auto& entry : list->children) locked.emplace(text_of(entry, "id"), &entry);

  std::string differences;
  for (const auto& [id, plugin] : plugins_of(plan)) {
    const auto found = locked.find(id);
    if (found == locked.end()) {
      differences += fmt::format("\n  {}: not in the lock file", id);
      continue;
    }
    const std::string version = text_of(*found->second, "version");
    const std::string hash = text_of(*found->second, "sha256");
    const std::string actual = sha256_file(plugin->file);
    if (version != plugin->descriptor->version)
      differences += fmt::format("\n  {}: version {} is locked, {} is here ({})", id, version,
                                 plugin->descriptor->version, plugin->file.string());
    else if (hash != actual)
      differences += fmt::format("\n  {}: SHA-256 {} is locked, {} is here ({})", id, hash, actual,
                                 plugin->file.string());
  }
  if (!differences.empty())
    throw Error(Category::plugin,
                fmt::format("the plugins are not those of {}:{}", lock_file.string(), differences));
}

}  // namespace onager::host
