// SPDX-License-Identifier: MIT
#include "base/characters.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "base/text.hpp"
#include "cli/print_json.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace onager::host::cli {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const ComponentEntry& entry, const std::string& use) {
  const auto& plugin = *entry.plugin;
  return {{"kind", entry.kind()},
          {"id", entry.id()},
          {"use", use},
          {"summary", entry.component->summary},
          {"plugin", plugin.descriptor->id},
          {"version", plugin.descriptor->version},
          {"origin", plugin.origin},
          {"file", plugin.file.string()}};
}

std::string looked_in(const Registry& registry) {
  std::vector<std::string> places;
  for (const auto& place : registry.places()) places.push_back(place.path.string());
  return places.empty() ? "there was no folder to look in; name one with --plugin-path"
                        : "looked in " + joined(places);
}

}  // namespace

int list(const Registry& registry, const std::string& kind, ListForm form) {
  const auto& kinds = component_kinds();
  if (!kind.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    const auto meant = did_you_mean(kind, kinds);
    throw Error(Category::config,
                fmt::format("there is no kind '{}'{}", kind,
                            meant.empty() ? "; the kinds are " + joined(kinds) : meant));
  }
  std::vector<std::vector<std::string>> rows = {{"KIND", "ID", "SUMMARY", "PLUGIN", "ORIGIN"}};
  Json components = Json::array(), problems = Json::array();
  for (const auto& entry : registry.all()) {
    if (!kind.empty() && entry.kind() != kind) continue;
    const auto use = registry.usable_id(entry);
    rows.push_back({entry.kind(), use, printable(entry.component->summary),
                    printable(entry.plugin->name()), entry.plugin->origin});
    components.push_back(to_json(entry, use));
  }
  for (const auto& problem : registry.problems())
    problems.push_back({{"file", problem.file.string()}, {"message", problem.message}});
  if (form == ListForm::ids || form == ListForm::ids_as_json) {
    std::vector<std::string> ids;
    for (std::size_t i = 1; i < rows.size(); ++i) ids.push_back(rows[i][1]);
    if (form == ListForm::ids_as_json) print_json({{"ids", ids}});
    else
      for (const auto& id : ids) fmt::print("{}\n", id);
    return 0;
  }
  if (form == ListForm::json) {
    const Json out = {{"components", components}, {"problems", problems}};
    print_json(out);
    return 0;
  }
  if (rows.size() > 1) fmt::print("{}", text_table(rows, {2, 5, columns(stdout)}));
  else
    fmt::print(stderr, "onager: no {} was found; {}\n", kind.empty() ? "component" : kind,
               looked_in(registry));
  std::fflush(stdout);
  for (const auto& problem : registry.problems())
    fmt::print(stderr, "onager: {}\n", problem.message);
  return 0;
}

}  // namespace onager::host::cli
