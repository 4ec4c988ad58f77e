// SPDX-License-Identifier: MIT
#include "config/own_keys.hpp"

#include "base/text.hpp"
#include "config/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace onager::host {

namespace {

onager_parameter row(const char* name, onager_parameter_type type) {
  onager_parameter p{};
  p.struct_size = sizeof p;
  p.type = type;
  p.name = name;
  p.doc = p.unit = p.text_default = "";
  return p;
}

}  // namespace

onager_parameter integer_row(const char* name, std::int64_t value, std::int64_t least) {
  onager_parameter p = row(name, ONAGER_INTEGER);
  p.integer_default = value;
  p.integer_min = least;
  p.integer_max = std::numeric_limits<std::int64_t>::max();
  return p;
}

onager_parameter real_row(const char* name, double value) {
  onager_parameter p = row(name, ONAGER_REAL);
  p.real_default = value;
  p.real_max = std::numeric_limits<double>::infinity();
  return p;
}

onager_parameter part_row(const char* name) {
  onager_parameter p = row(name, ONAGER_REAL);
  p.flags = ONAGER_MAX_OPEN;
  p.real_max = 1;
  return p;
}

onager_parameter flag_row(const char* name) { return row(name, ONAGER_BOOLEAN); }

onager_parameter path_row(const char* name) { return row(name, ONAGER_PATH); }

onager_parameter choice_row(const char* name, const char* const* choices, std::uint32_t count) {
  onager_parameter p = row(name, ONAGER_CHOICE);
  p.choices = choices;
  p.choice_count = count;
  p.text_default = choices[0];
  return p;
}

onager_parameter documented(onager_parameter row, const char* meaning) {
  row.doc = meaning;
  return row;
}

ParameterValue own_value(const Node* table, const onager_parameter& row, const Scope& scope) {
  if (const Node* node = table ? table->find(row.name) : nullptr)
    return read_value(row, *node, scope.folder, scope.problems);
  return default_value(row, scope.folder);
}

std::vector<ParameterValue> read_loop_table(const Node* table,
                                            const std::vector<onager_parameter>& rows,
                                            const std::string& name,
                                            const std::map<std::string, std::string>& hints,
                                            const Scope& scope) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  if (table && table->kind != NodeKind::table) {
    scope.problems.add(table->place.where(), fmt::format("loop must be a table with {}, not {}",
                                                         joined(names), described(*table)));
    table = nullptr;
  }
  if (table)
    for (const auto& child : table->children) {
      if (std::find(names.begin(), names.end(), child.key) != names.end()) continue;
      const auto known = hints.find(child.key);
      std::string hint = known == hints.end() ? did_you_mean(child.key, names) : known->second;
      if (hint.empty()) hint = "; it has " + joined(names);
      scope.problems.add(child.key_place.where(),
                         fmt::format("{} has no '{}'{}", name, child.key, hint));
    }
  std::vector<ParameterValue> values;
  for (const auto& row : rows) values.push_back(own_value(table, row, scope));
  return values;
}

}  // namespace onager::host
