// SPDX-License-Identifier: MIT
#include "package/probe.hpp"

#include "base/error.hpp"
#include "plugin/load_trial.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace onager::host {

namespace {

using Json = nlohmann::json;
Json described(const onager_plugin& plugin) {
  Json components = Json::array();
  for (std::uint32_t i = 0; i < plugin.component_count; ++i) {
    const auto& one = *plugin.components[i];
    components.push_back({one.kind, one.id, one.summary, one.citation});
  }
  return {{"id", plugin.id},
          {"version", plugin.version},
          {"abi", fmt::format("{}.{}", plugin.abi_major, plugin.abi_minor_needed)},
          {"vendor", plugin.vendor},
          {"licence", plugin.licence},
          {"url", plugin.url},
          {"build", plugin.build},
          {"components", components}};
}

Probe read_answer(const std::string& text) {
  const Json json = Json::parse(text);
  Probe out;
  auto& said = out.said;
  said.id = json.at("id");
  said.version = json.at("version");
  said.abi = json.at("abi");
  said.vendor = json.at("vendor");
  said.licence = json.at("licence");
  said.url = json.at("url");
  out.build = json.at("build");
  for (const auto& one : json.at("components"))
    said.components.push_back({one.at(0), one.at(1), one.at(2), one.at(3)});
  return out;
}

}  // namespace

Probe probe_library(const std::filesystem::path& file) {
  try {
    return read_answer(try_library(
        file, [](const Library& library) { return described(*library.descriptor).dump(); }));
  } catch (const Error& error) {
    if (error.category() != Category::plugin) throw;
    Probe out;
    out.fault = error.what();
    return out;
  }
}

}  // namespace onager::host
