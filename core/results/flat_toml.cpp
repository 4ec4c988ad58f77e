// SPDX-License-Identifier: MIT
#include "results/flat_toml.hpp"

#include "base/error.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <tuple>

namespace onager::host {

namespace {

struct Placed {
  toml::source_position at;
  Setting setting;
};

bool holds_tables(const toml::array& list) {
  return std::any_of(list.begin(), list.end(), [](const toml::node& node) {
    return node.is_table() || (node.is_array() && holds_tables(*node.as_array()));
  });
}

std::string text_of(const toml::node& node) {
  std::ostringstream out;
  node.visit([&](const auto& value) {
    if constexpr (toml::is_table<decltype(value)>) out << toml::toml_formatter(value);
    else out << value;
  });
  return out.str();
}

void flatten(const toml::node& node, const std::string& key, std::vector<Placed>& out) {
  if (const auto* table = node.as_table()) {
    for (const auto& [name, child] : *table)
      flatten(child, (key.empty() ? "" : key + ".") + std::string(name.str()), out);
  } else if (const auto* list = node.as_array(); list && holds_tables(*list)) {
    for (std::size_t i = 0; i < list->size(); ++i)
      flatten((*list)[i], fmt::format("{}[{}]", key, i), out);
  } else {
    out.push_back({node.source().begin, {key, text_of(node)}});
  }
}

}  // namespace

std::vector<Setting> flat_toml(std::string_view text, const std::string& file) {
  std::vector<Placed> placed;
  try {
    flatten(toml::parse(text, file), "", placed);
  } catch (const toml::parse_error& error) {
    throw Error(Category::config, fmt::format("{}:{}:{}: {}", file, error.source().begin.line,
                                              error.source().begin.column, error.description()));
  }
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  std::vector<Setting> out;
  for (auto& one : placed) out.push_back(std::move(one.setting));
  return out;
}

std::string value_of(const std::vector<Setting>& settings, std::string_view key) {
  for (const auto& setting : settings) {
    if (setting.key != key) continue;
    const std::string& value = setting.value;
    const bool quoted = value.size() > 1 && value.back() == value.front() &&
                        (value.front() == '"' || value.front() == '\'');
    return quoted ? value.substr(1, value.size() - 2) : value;
  }
  return "";
}

}  // namespace onager::host
