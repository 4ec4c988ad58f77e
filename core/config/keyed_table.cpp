// SPDX-License-Identifier: MIT
#include "config/keyed_table.hpp"

#include "base/characters.hpp"
#include "base/text.hpp"
#include "config/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace onager::host {

void KeyedTable::refuse_unknown_keys(const std::vector<std::string>& others) const {
  std::vector<std::string> names;
  for (const auto& row : rows_) names.emplace_back(row.name);
  names.insert(names.end(), others.begin(), others.end());
  for (const auto& child : table_.children) {
    if (std::find(names.begin(), names.end(), child.key) != names.end()) continue;
    const std::string meant = did_you_mean(child.key, names);
    problems_.add(child.key_place.where(),
                  fmt::format("{} has no '{}'{}", what_, child.key,
                              meant.empty() ? "; it has " + joined(names) : meant));
  }
}

const onager_parameter& KeyedTable::row(const char* name) const {
  return *std::find_if(rows_.begin(), rows_.end(),
                       [&](const onager_parameter& p) { return std::string(name) == p.name; });
}

ParameterValue KeyedTable::value(const char* name) const {
  const onager_parameter& parameter = row(name);
  if (const Node* node = table_.find(name)) return read_value(parameter, *node, {}, problems_);
  if ((parameter.flags & ONAGER_REQUIRED) != 0)
    problems_.add(table_.place.where(), fmt::format("{} needs {}, {}", what_, name, parameter.doc));
  return default_value(parameter, {});
}

std::size_t KeyedTable::choice(const char* name) const {
  const onager_parameter& parameter = row(name);
  const std::string chosen = text(name);
  for (std::uint32_t i = 0; i < parameter.choice_count; ++i)
    if (chosen == parameter.choices[i]) return i;
  return 0;
}

std::optional<Expression> KeyedTable::expression(const char* name) const {
  const std::string read = text(name);
  if (read.empty()) return std::nullopt;
  return read_expression(*table_.find(name), name, problems_);
}

std::optional<Expression> read_expression(const Node& node, const std::string& name,
                                          Problems& problems) {
  const std::string& text = node.kind == NodeKind::string ? node.text : node.written;
  try {
    return Expression::parse(text);
  } catch (const Expression::Malformed& wrong) {
    Place place = node.place;
    const Where where = place.where();
    const auto letters = characters(where.text);
    const std::size_t first = place.column - 1;
    const bool quoted = first < letters.size() && (letters[first] == "\"" || letters[first] == "'");
    const auto before = characters(std::string_view(text).substr(0, wrong.at)).size();
    place.column += static_cast<std::uint32_t>(before + (quoted ? 1 : 0));
    problems.add(place.where(), fmt::format("{} = {} cannot be computed: {}", name,
                                            toml_string(text), wrong.message));
    return std::nullopt;
  }
}

onager_parameter text_row(const char* name, const char* doc) {
  onager_parameter p{};
  p.struct_size = sizeof p;
  p.type = ONAGER_STRING;
  p.name = name;
  p.text_default = "";
  p.doc = doc;
  return p;
}

onager_parameter real_row(const char* name, double value, double least, const char* doc) {
  onager_parameter p{};
  p.struct_size = sizeof p;
  p.type = ONAGER_REAL;
  p.name = name;
  p.doc = doc;
  p.real_default = value;
  p.real_min = least;
  p.real_max = std::numeric_limits<double>::infinity();
  return p;
}

onager_parameter choice_row(const char* name, const std::vector<const char*>& choices,
                            const char* doc) {
  onager_parameter p = text_row(name, doc);
  p.type = ONAGER_CHOICE;
  p.text_default = choices[0];
  p.choices = choices.data();
  p.choice_count = static_cast<std::uint32_t>(choices.size());
  return p;
}

onager_parameter required(onager_parameter row) {
  row.flags |= ONAGER_REQUIRED;
  return row;
}

}  // namespace onager::host
