// SPDX-License-Identifier: MIT
#include "base/characters.hpp"
#include "base/files.hpp"
#include "cli/command_line.hpp"
#include "cli/text_table.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

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

int plugin_list(const Registry& registry, bool json) {
  if (json) {
    Json plugins = Json::array(), problems = Json::array();
    for (const auto& plugin : registry.plugins()) plugins.push_back(to_json(*plugin));
    for (const auto& problem : registry.problems())
      problems.push_back({{"file", problem.file.string()}, {"message", problem.message}});
    const Json out = {{"plugins", plugins}, {"problems", problems}};
    fmt::print("{}\n", out.dump(2, ' ', false, Json::error_handler_t::replace));
    return 0;
  }
  std::vector<std::vector<std::string>> rows = {{"ID", "VERSION", "ABI", "ORIGIN", "FILE"}};
  for (const auto& plugin : registry.plugins())
    rows.push_back({plugin->descriptor->id, printable(plugin->descriptor->version), abi_of(*plugin),
                    plugin->origin, plugin->file.string()});
  fmt::print("{}", text_table(rows));
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
