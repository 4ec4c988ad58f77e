// SPDX-License-Identifier: MIT
#include "base/characters.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "base/text.hpp"
#include "cli/print_json.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "config/parameters.hpp"
#include "plugin/interfaces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>

namespace onager::host::cli {

namespace {

using Json = nlohmann::ordered_json;

bool is_unset_path(const onager_parameter& p) { return p.type == ONAGER_PATH && !*p.text_default; }

/// The default as a pipeline file has it; "" where there is none.
std::string default_text(const onager_parameter& p) {
  if (p.flags & ONAGER_REQUIRED || is_unset_path(p)) return "";
  switch (p.type) {
    case ONAGER_BOOLEAN: return p.integer_default != 0 ? "true" : "false";
    case ONAGER_INTEGER: return std::to_string(p.integer_default);
    case ONAGER_REAL: return toml_float(p.real_default);
    case ONAGER_EXPRESSION: return toml_expression(p.text_default);
    case ONAGER_STRING:
    case ONAGER_CHOICE:
    case ONAGER_PATH: return toml_string(p.text_default);
    case ONAGER_INTEGER_LIST:
    case ONAGER_REAL_LIST:
    case ONAGER_STRING_LIST: return "[]";
    default: return "";
  }
}

/// "bandwidth = 1.0", or a comment that says what to put there.
std::string toml_line(const onager_parameter& p) {
  const auto value = default_text(p);
  if (!value.empty()) return fmt::format("{} = {}", p.name, value);
  return fmt::format("# {} =   {}{}", p.name, p.flags & ONAGER_REQUIRED ? "required: " : "",
                     expected(p));
}

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

/// Its comments are no wider than `most` characters.
std::string toml_block(const ComponentEntry& entry, const std::string& use, std::size_t most) {
  const bool repeats = entry.kind() == "feature_map" || entry.kind() == "diagnostic";
  std::string out = fmt::format(repeats ? "[[{}]]\n" : "[{}]\n", entry.kind());
  out += fmt::format("use = {}\n", toml_string(use));
  for (const auto* p : parameters_of(*entry.component)) {
    const std::string line = toml_line(*p);
    out += (line.front() == '#' ? wrapped(line, most) : line) + "\n";
  }
  return out;
}

const char* words_of(const std::string& interface) {
  for (const auto& known : known_interfaces())
    if (interface == known.id) return known.words;
  return "";
}

// ---- text

std::string parameter_text(const onager_parameter& p) {
  const auto value = default_text(p);
  const std::string after = p.flags & ONAGER_REQUIRED ? "required"
                            : value.empty()           ? "optional"
                                                      : "default " + value;
  std::string out = fmt::format("  {}: {}, {}", p.name, expected(p), after);
  if (*p.unit) out += fmt::format(", in {}", printable(p.unit));
  if (*p.doc) out += fmt::format("\n      {}", printable(p.doc));
  return out + "\n";
}

std::string to_text(const ComponentEntry& entry, const std::string& use, std::size_t most) {
  const auto& plugin = *entry.plugin->descriptor;
  std::string out =
      fmt::format("{} '{}': {}\n", entry.kind(), use, printable(entry.component->summary));
  const auto fact = [&](const char* name, const std::string& value) {
    if (!value.empty()) out += fmt::format("  {:<9} {}\n", name, printable(value));
  };
  fact("plugin", entry.plugin->name());
  fact("vendor", plugin.vendor);
  fact("licence", plugin.licence);
  fact("url", plugin.url);
  fact("file", entry.plugin->file.string());
  fact("origin", entry.plugin->origin);
  fact("citation", entry.component->citation);

  const auto parameters = parameters_of(*entry.component);
  out += parameters.empty() ? "\nIt has no parameters.\n" : "\nParameters\n";
  for (const auto* p : parameters) out += parameter_text(*p);

  const auto interfaces = offered_interfaces(entry);
  out +=
      interfaces.empty() ? "\nIt offers no interface that this Onager knows.\n" : "\nInterfaces\n";
  for (const auto& id : interfaces) out += fmt::format("  {} ({})\n", words_of(id), id);
  return wrapped(out, most) + "\n" + toml_block(entry, use, most);
}

// ---- JSON

/// JSON has no infinities and no NaN: they become the strings that TOML writes.
Json real(double value) { return std::isfinite(value) ? Json(value) : Json(number(value)); }

const char* type_name(onager_parameter_type type) {
  switch (type) {
    case ONAGER_BOOLEAN: return "boolean";
    case ONAGER_INTEGER: return "integer";
    case ONAGER_REAL: return "real";
    case ONAGER_STRING: return "string";
    case ONAGER_EXPRESSION: return "expression";
    case ONAGER_CHOICE: return "choice";
    case ONAGER_PATH: return "path";
    case ONAGER_INTEGER_LIST: return "integer list";
    case ONAGER_REAL_LIST: return "real list";
    case ONAGER_STRING_LIST: return "string list";
    case ONAGER_COMPONENT: return "component";
    default: return "component list";
  }
}

Json default_json(const onager_parameter& p) {
  if (p.flags & ONAGER_REQUIRED || is_unset_path(p)) return nullptr;
  switch (p.type) {
    case ONAGER_BOOLEAN: return p.integer_default != 0;
    case ONAGER_INTEGER: return p.integer_default;
    case ONAGER_REAL: return real(p.real_default);
    case ONAGER_STRING:
    case ONAGER_EXPRESSION:
    case ONAGER_CHOICE:
    case ONAGER_PATH: return p.text_default;
    case ONAGER_COMPONENT:
    case ONAGER_COMPONENT_LIST: return nullptr;
    default: return Json::array();
  }
}

Json to_json(const onager_parameter& p) {
  Json out = {{"name", p.name},
              {"type", type_name(p.type)},
              {"required", (p.flags & ONAGER_REQUIRED) != 0},
              {"default", default_json(p)}};
  const bool whole = p.type == ONAGER_INTEGER || p.type == ONAGER_INTEGER_LIST;
  const bool is_real = p.type == ONAGER_REAL || p.type == ONAGER_REAL_LIST;
  if (whole || is_real) {
    out["minimum"] = whole ? Json(p.integer_min) : real(p.real_min);
    out["maximum"] = whole ? Json(p.integer_max) : real(p.real_max);
    out["minimum_excluded"] = (p.flags & ONAGER_MIN_OPEN) != 0;
    out["maximum_excluded"] = (p.flags & ONAGER_MAX_OPEN) != 0;
  }
  if (p.type == ONAGER_CHOICE)
    out["choices"] = std::vector<std::string>(p.choices, p.choices + p.choice_count);
  if (p.type == ONAGER_COMPONENT || p.type == ONAGER_COMPONENT_LIST)
    out["child_kind"] = p.child_kind;
  out["unit"] = p.unit;
  out["doc"] = p.doc;
  return out;
}

Json to_json(const ComponentEntry& entry, const std::string& use) {
  const auto& plugin = *entry.plugin->descriptor;
  Json parameters = Json::array(), interfaces = Json::array();
  for (const auto* p : parameters_of(*entry.component)) parameters.push_back(to_json(*p));
  for (const auto& id : offered_interfaces(entry))
    interfaces.push_back({{"id", id}, {"words", words_of(id)}});
  return {{"kind", entry.kind()},
          {"id", entry.id()},
          {"use", use},
          {"summary", entry.component->summary},
          {"citation", entry.component->citation},
          {"plugin", plugin.id},
          {"version", plugin.version},
          {"vendor", plugin.vendor},
          {"licence", plugin.licence},
          {"url", plugin.url},
          {"build", plugin.build},
          {"abi", fmt::format("{}.{}", plugin.abi_major, plugin.abi_minor)},
          {"file", entry.plugin->file.string()},
          {"origin", entry.plugin->origin},
          {"parameters", parameters},
          {"interfaces", interfaces},
          {"toml", toml_block(entry, use, unlimited)}};
}

[[noreturn]] void refuse(const Registry& registry, const std::string& id) {
  const bool qualified = id.find('/') != std::string::npos;
  std::vector<std::string> known;
  for (const auto& entry : registry.all())
    known.push_back(qualified ? entry.qualified_id() : entry.id());
  const auto meant = did_you_mean(id, known);
  throw Error(Category::config,
              fmt::format("no component '{}' was found{}", id,
                          meant.empty() ? "; `onager list` shows what there is" : meant));
}

}  // namespace

int describe(const Registry& registry, const std::string& id, bool json) {
  Json all = Json::array();
  std::string text;
  for (const auto& entry : registry.all()) {
    if (id != entry.id() && id != entry.qualified_id()) continue;
    const auto use = registry.usable_id(entry);
    if (json) all.push_back(to_json(entry, use));
    else text += (text.empty() ? "" : "\n") + to_text(entry, use, columns(stdout));
  }
  if (all.empty() && text.empty()) refuse(registry, id);
  if (json) print_json({{"components", all}});
  else fmt::print("{}", text);
  return 0;
}

}  // namespace onager::host::cli
