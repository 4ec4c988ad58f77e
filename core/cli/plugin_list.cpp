// SPDX-License-Identifier: MIT
#include "base/characters.hpp"
#include "base/files.hpp"
#include "base/layout.hpp"
#include "cli/command_line.hpp"
#include "cli/print_json.hpp"
#include "cli/terminal.hpp"
#include "plugin/found_plugins.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace onager::host::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string abi_of(const LoadedPlugin& plugin) {
  return fmt::format("{}.{}", plugin.descriptor->abi_major, plugin.descriptor->abi_minor);
}

Json to_json(const LoadedPlugin& plugin) {
  const auto& d = *plugin.descriptor;
  Json components = Json::array();
  for (std::uint32_t i = 0; i < d.component_count; ++i)
    components.push_back({{"kind", d.components[i]->kind}, {"id", d.components[i]->id}});
  return {{"id", d.id},
          {"version", d.version},
          {"abi", abi_of(plugin)},
          {"vendor", d.vendor},
          {"licence", d.licence},
          {"url", d.url},
          {"origin", plugin.origin},
          {"file", plugin.file.string()},
          {"sha256", sha256_file(plugin.file)},
          {"components", components}};
}

/// Installed versions that are not the ones used.
std::vector<InstalledLibrary> other_versions(const Registry& registry) {
  auto out = installed_libraries(user_plugin_folder());
  const auto used = [&](const InstalledLibrary& library) {
    std::error_code error;
    const auto file = std::filesystem::canonical(library.file, error);
    return std::any_of(registry.plugins().begin(), registry.plugins().end(),
                       [&](const auto& plugin) { return plugin->file == file; });
  };
  out.erase(std::remove_if(out.begin(), out.end(), used), out.end());
  return out;
}

int plugin_list(const Registry& registry, bool json) {
  const auto others = other_versions(registry);
  if (json) {
    Json not_used = Json::array();
    for (const auto& other : others)
      not_used.push_back(
          {{"id", other.id}, {"version", other.version}, {"file", other.file.string()}});
    Json plugins = Json::array(), problems = Json::array();
    for (const auto& plugin : registry.plugins()) plugins.push_back(to_json(*plugin));
    for (const auto& problem : registry.problems())
      problems.push_back({{"file", problem.file.string()}, {"message", problem.message}});
    const Json out = {{"plugins", plugins}, {"not_used", not_used}, {"problems", problems}};
    print_json(out);
    return 0;
  }
  std::vector<std::vector<std::string>> rows = {{"ID", "VERSION", "ABI", "ORIGIN", "FILE"}};
  for (const auto& plugin : registry.plugins())
    rows.push_back({plugin->descriptor->id, printable(plugin->descriptor->version), abi_of(*plugin),
                    plugin->origin, plugin->file.string()});
  for (const auto& other : others)
    rows.push_back({other.id, other.version, "", "not used", other.file.string()});
  fmt::print("{}", text_table(rows, {1, 5, columns(stdout)}));
  std::fflush(stdout);
  for (const auto& problem : registry.problems())
    fmt::print(stderr, "onager: {}\n", problem.message);
  return 0;
}

}  // namespace

void add_plugin_list(CLI::App& plugin, CommandLine& line) {
  auto json = std::make_shared<bool>(false);
  CLI::App* list =
      plugin.add_subcommand("list", "List the plugins that are used, with version and file");
  list->add_flag("--json", *json, "Print JSON, with the SHA-256 of each");
  list->callback([json, &line] {
    line.verb = [json](const Registry& registry) { return plugin_list(registry, *json); };
  });
}

}  // namespace onager::host::cli
