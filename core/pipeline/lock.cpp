// SPDX-License-Identifier: MIT
#include "pipeline/lock.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "config/document.hpp"
#include "package/install.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// The plugin as a lock file names it.
PluginPin pin_of(const LoadedPlugin& plugin) {
  const auto& d = *plugin.descriptor;
  PluginPin out{d.id, d.version, "", "", "", d.url};
  if (plugin.file.empty()) return out;
  out.sha256 = sha256_file(plugin.file);
  // a library that was changed since it was installed is no longer the package's
  const auto record = install_record_of(plugin.file);
  if (record && record->library_sha256 == out.sha256) {
    out.package = fmt::format("{}-{}.onager.tar.gz", d.id, d.version);
    out.package_sha256 = record->package_sha256;
  }
  return out;
}

std::string text_of(const Node& table, const char* key) {
  const Node* node = table.find(key);
  if (node == nullptr) return "";
  if (node->kind != NodeKind::string)
    throw Error(Category::config,
                located(node->place.where(),
                        fmt::format("{} is {}, where a text was expected", key, described(*node))));
  return node->text;
}

/// "SHA-256 3f..", "the package NAME (SHA-256 3f..)"
std::string origin_of(const PluginPin& pin) {
  return pin.package_sha256.empty()
             ? fmt::format("SHA-256 {}", pin.sha256)
             : fmt::format("the package {} (SHA-256 {})", pin.package, pin.package_sha256);
}

std::string how_to_install(const PluginPin& pin) {
  std::string out =
      pin.package_sha256.empty()
          ? fmt::format(
                "it was a library by itself (SHA-256 {}): ask for a package "
                "of it, as `onager plugin pack` makes one",
                pin.sha256)
          : fmt::format("onager plugin install {} (SHA-256 {})", pin.package, pin.package_sha256);
  if (!pin.url.empty()) out += fmt::format("; its url is {}", pin.url);
  return out;
}

/// "" or how a plugin differs from the locked one.
std::string difference(const LoadedPlugin& plugin, const PluginPin& locked, Match match) {
  const PluginPin here = pin_of(plugin);
  if (here.version != locked.version)
    return fmt::format("version {} is locked, {} is here ({})", locked.version, here.version,
                       plugin.file.string());
  if (match == Match::version || here.sha256 == locked.sha256) return "";
  const bool same_package =
      !here.package_sha256.empty() && here.package_sha256 == locked.package_sha256;
  if (match == Match::package && same_package) return "";
  const bool packages = !same_package && !locked.package_sha256.empty();
  return fmt::format("{} is locked, {} is here ({})",
                     packages ? origin_of(locked) : "SHA-256 " + locked.sha256,
                     packages ? origin_of(here) : "SHA-256 " + here.sha256, plugin.file.string());
}

[[noreturn]] void refuse(const std::filesystem::path& lock_file,
                         const std::vector<std::string>& differences) {
  std::string all;
  for (const auto& line : differences) all += "\n  " + line;
  throw Error(Category::plugin,
              fmt::format("the plugins are not those of {}:{}", lock_file.string(), all));
}

}  // namespace

std::string lock_toml(const Plan& plan) {
  std::string out;
  for (const auto& [id, plugin] : plugins_of(plan)) {
    const auto& d = *plugin->descriptor;
    const PluginPin pin = pin_of(*plugin);
    out += fmt::format("{}[[plugin]]\nid = {}\nversion = {}\nabi = \"{}.{}\"\nfile = {}\n",
                       out.empty() ? "" : "\n", toml_string(id), toml_string(d.version),
                       d.abi_major, d.abi_minor, toml_string(plugin->file.string()));
    const auto add = [&](const char* key, const std::string& value) {
      if (!value.empty()) out += fmt::format("{} = {}\n", key, toml_string(value));
    };
    add("sha256", pin.sha256);
    add("package", pin.package);
    add("package_sha256", pin.package_sha256);
    add("url", pin.url);
  }
  return out;
}

std::vector<PluginPin> read_lock(const std::filesystem::path& lock_file) {
  const Node document = read_document(lock_file);
  std::vector<PluginPin> pins;
  if (const Node* list = document.find("plugin"); list && list->kind == NodeKind::array)
    for (const auto& entry : list->children)
      if (entry.kind == NodeKind::table)
        pins.push_back({text_of(entry, "id"), text_of(entry, "version"), text_of(entry, "sha256"),
                        text_of(entry, "package"), text_of(entry, "package_sha256"),
                        text_of(entry, "url")});
  if (pins.empty())
    throw Error(Category::config,
                fmt::format("{}: has no [[plugin]]; a lock.toml as a run leaves it was expected",
                            lock_file.string()));
  return pins;
}

void require_installed(const Registry& registry, const std::vector<PluginPin>& pins,
                       const std::filesystem::path& lock_file) {
  std::vector<std::string> missing;
  for (const auto& pin : pins) {
    const auto here =
        std::find_if(registry.plugins().begin(), registry.plugins().end(),
                     [&](const auto& plugin) { return plugin->descriptor->id == pin.id; });
    if (here == registry.plugins().end())
      missing.push_back(
          fmt::format("{} {} is not here: {}", pin.id, pin.version, how_to_install(pin)));
    else if ((*here)->descriptor->version != pin.version)
      missing.push_back(fmt::format("{} {} is not here, {} is ({}): {}", pin.id, pin.version,
                                    (*here)->descriptor->version, (*here)->file.string(),
                                    how_to_install(pin)));
  }
  if (!missing.empty()) refuse(lock_file, missing);
}

std::vector<std::string> lock_differences(const Plan& plan, const std::vector<PluginPin>& pins,
                                          Match match) {
  std::vector<std::string> out;
  for (const auto& [id, plugin] : plugins_of(plan)) {
    const auto locked = std::find_if(pins.begin(), pins.end(),
                                     [&, &id = id](const PluginPin& pin) { return pin.id == id; });
    const std::string differs = locked == pins.end() ? std::string("not in the lock file")
                                                     : difference(*plugin, *locked, match);
    if (!differs.empty()) out.push_back(fmt::format("{}: {}", id, differs));
  }
  return out;
}

void require_locked(const Plan& plan, const std::vector<PluginPin>& pins,
                    const std::filesystem::path& lock_file) {
  const auto differences = lock_differences(plan, pins, Match::package);
  if (!differences.empty()) refuse(lock_file, differences);
}

}  // namespace onager::host
