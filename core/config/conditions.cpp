// SPDX-License-Identifier: MIT
#include "config/conditions.hpp"

#include "base/text.hpp"
#include "config/key_path.hpp"
#include "config/sweep_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

bool is_number(const Node& node) {
  return node.kind == NodeKind::integer || node.kind == NodeKind::real;
}

double real_of(const Node& node) {
  return node.kind == NodeKind::real ? node.real : static_cast<double>(node.integer);
}

void read_limits(const Node& table, Condition& out, Problems& problems) {
  for (const auto& limit : table.children) {
    if (limit.key != "above" && limit.key != "below")
      problems.add(limit.key_place.where(),
                   fmt::format("a condition has no '{}'; it has above and below", limit.key));
    else if (!is_number(limit))
      problems.add(limit.place.where(),
                   fmt::format("{} must be a number, not {}", limit.key, described(limit)));
    else (limit.key == "above" ? out.above : out.below) = real_of(limit);
  }
}

void read_condition(const Node& node, const std::string& before, Problems& problems,
                    std::vector<Condition>& out) {
  const std::string name = before + node.key;
  const bool limits = node.kind == NodeKind::table && (node.find("above") || node.find("below"));
  if (node.kind == NodeKind::table && !limits) {
    for (const auto& child : node.children) read_condition(child, name + ".", problems, out);
    return;
  }
  Condition condition;
  condition.place = node.key_place;
  try {
    condition.column = canonical(parse_key_path(name, PathEnd::of_text));
  } catch (const Malformed& wrong) {
    problems.add(node.key_place.where(), wrong.message);
    return;
  }
  if (limits) read_limits(node, condition, problems);
  else if (node.kind == NodeKind::array)
    for (const auto& value : node.children) condition.values.push_back(value_text(value));
  else condition.values.push_back(value_text(node));
  out.push_back(std::move(condition));
}

}  // namespace

bool Condition::holds(const std::string& value) const {
  const auto real = number_of(value);
  if (real) {
    const bool over = *real > above, under = *real < below;
    if (above < below ? over && under : over || under) return true;
  }
  return std::any_of(values.begin(), values.end(), [&](const std::string& one) {
    const auto other = number_of(one);
    return one == value || (real && other && *real == *other);
  });
}

std::vector<Condition> read_conditions(const Node& table, const std::string& form,
                                       Problems& problems) {
  std::vector<Condition> out;
  if (table.kind != NodeKind::table || table.children.empty())
    problems.add(table.place.where(),
                 form + (table.kind == NodeKind::table ? "is empty" : "is " + described(table)));
  else
    for (const auto& child : table.children) read_condition(child, "", problems, out);
  return out;
}

std::string to_toml(const std::vector<Condition>& conditions) {
  std::string out;
  for (const auto& condition : conditions) {
    std::vector<std::string> parts;
    for (const auto& value : condition.values) parts.push_back(toml_string(value));
    std::string text = "[" + joined(parts, ", ") + "]";
    if (parts.empty()) {
      if (!std::isnan(condition.above)) parts.push_back("above = " + toml_float(condition.above));
      if (!std::isnan(condition.below)) parts.push_back("below = " + toml_float(condition.below));
      text = "{ " + joined(parts, ", ") + " }";
    }
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", toml_string(condition.column), text);
  }
  return "{ " + out + " }";
}

std::string to_text(const std::vector<Condition>& conditions) {
  std::string out;
  for (const auto& condition : conditions) {
    std::string choices = joined(condition.values, " or ");
    std::string text = choices.empty() ? "" : condition.column + " = " + choices;
    const auto limit = [&](const char* sign, double value) {
      if (std::isnan(value)) return;
      const char* joint = condition.above < condition.below ? " and " : " or ";
      text += fmt::format("{}{} {} {}", text.empty() ? "" : joint, condition.column, sign,
                          number(value));
    };
    limit(">", condition.above);
    limit("<", condition.below);
    out += (out.empty() ? "" : ", ") + text;
  }
  return out;
}

}  // namespace onager::host
