// SPDX-License-Identifier: MIT
#include "config/isolation.hpp"

#include "base/text.hpp"
#include "config/own_keys.hpp"
#include "config/own_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

constexpr const char* in_a_process = "process";
constexpr const char* key = "isolation";
constexpr const char* limit_key = "call_limit";

onager_parameter isolation_row() {
  static const char* const choices[] = {"none", in_a_process};
  onager_parameter p = documented(choice_row(key, choices, 2),
                                  "process: the plugin runs in a process of its own, and what goes "
                                  "wrong there ends the run with an error");
  return p;
}

onager_parameter limit_row() {
  onager_parameter p = documented(real_row(limit_key, Isolation{}.call_limit),
                                  "How long an isolated plugin's call may take without a sign of "
                                  "life; 0: no limit");
  p.unit = "s";
  return p;
}

}  // namespace

const std::vector<onager_parameter>& isolation_rows() {
  static const std::vector<onager_parameter> rows{isolation_row(), limit_row()};
  return rows;
}

bool is_isolation_key(const std::string& name) { return name == key || name == limit_key; }

Isolation read_isolation(const Node& table, const Isolation& otherwise, const Scope& scope) {
  Isolation out = otherwise;
  if (table.find(key)) out.process = own_value(&table, isolation_row(), scope).text == in_a_process;
  if (table.find(limit_key)) out.call_limit = own_value(&table, limit_row(), scope).real;
  return out;
}

std::string to_toml(const Isolation& isolation) {
  if (!isolation.process) return "";
  return fmt::format("{} = \"{}\"\n{} = {}\n", key, in_a_process, limit_key,
                     toml_float(isolation.call_limit));
}

std::string without_isolation(const std::string& config) {
  // No text of the file holds a line break: toml_string() writes it as an escape.
  std::string out;
  for (std::size_t at = 0; at < config.size();) {
    const std::size_t end = std::min(config.find('\n', at), config.size() - 1) + 1;
    const std::string line = config.substr(at, end - at);
    if (line.rfind(fmt::format("{} = ", key), 0) != 0 &&
        line.rfind(fmt::format("{} = ", limit_key), 0) != 0)
      out += line;
    at = end;
  }
  return out;
}

}  // namespace onager::host
