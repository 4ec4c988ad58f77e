// SPDX-License-Identifier: MIT
#include "config/network_loop.hpp"

#include "base/text.hpp"
#include "config/components.hpp"
#include "config/document.hpp"
#include "config/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace onager::host {

namespace {

onager_parameter row(onager_parameter_type type, const char* name) {
  onager_parameter p{};
  p.struct_size = sizeof p;
  p.type = type;
  p.name = name;
  p.doc = p.unit = p.text_default = "";
  p.real_max = std::numeric_limits<double>::infinity();
  p.integer_max = std::numeric_limits<std::int64_t>::max();
  return p;
}

onager_parameter real_row(const char* name, double value) {
  auto p = row(ONAGER_REAL, name);
  p.real_default = value;
  return p;
}

/// Described as a component's parameters are, so that they are checked the same way.
const std::vector<onager_parameter>& rows() {
  static const std::vector<onager_parameter> all = [] {
    const NetworkLoop loop;
    auto every = row(ONAGER_INTEGER, "every");
    every.integer_default = loop.every;
    every.integer_min = 1;
    return std::vector<onager_parameter>{every, real_row("stop_below", loop.stop_below),
                                         real_row("diverged_above", loop.diverged_above),
                                         real_row("agop_penalty", loop.agop_penalty),
                                         row(ONAGER_PATH, "start")};
  }();
  return all;
}

}  // namespace

NetworkLoop read_network_loop(const Node* table, const Scope& scope) {
  NetworkLoop out;
  if (!table) return out;
  std::vector<std::string> names;
  for (const auto& p : rows()) names.emplace_back(p.name);
  if (table->kind != NodeKind::table) {
    scope.problems.add(table->place.where(), fmt::format("loop must be a table with {}, not {}",
                                                         joined(names), described(*table)));
    return out;
  }
  for (const auto& child : table->children) {
    if (std::find(names.begin(), names.end(), child.key) != names.end()) continue;
    std::string hint = did_you_mean(child.key, names);
    if (child.key == "rounds")
      hint = "; the optimizer says how many steps there are (steps or epochs)";
    else if (hint.empty()) hint = "; it has " + joined(names);
    scope.problems.add(child.key_place.where(),
                       fmt::format("[loop] of a network pipeline has no '{}'{}", child.key, hint));
  }
  const auto value = [&](std::size_t i) {
    const Node* node = table->find(rows()[i].name);
    return node ? read_value(rows()[i], *node, scope.folder, scope.problems)
                : default_value(rows()[i], scope.folder);
  };
  out.every = value(0).integer;
  out.stop_below = value(1).real;
  out.diverged_above = value(2).real;
  out.agop_penalty = value(3).real;
  out.start = value(4).text;
  return out;
}

std::string to_toml(const NetworkLoop& loop) {
  std::string out = fmt::format(
      "every = {}\nstop_below = {}\ndiverged_above = {}\nagop_penalty = {}\n", loop.every,
      toml_float(loop.stop_below), toml_float(loop.diverged_above), toml_float(loop.agop_penalty));
  if (!loop.start.empty()) out += fmt::format("start = {}\n", toml_string(loop.start));
  return out;
}

}  // namespace onager::host
