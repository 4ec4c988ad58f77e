// SPDX-License-Identifier: MIT
#include "config/network_loop.hpp"

#include "base/text.hpp"
#include "config/own_keys.hpp"

#include <fmt/format.h>

namespace onager::host {

NetworkLoop read_network_loop(const Node* table, const Scope& scope) {
  NetworkLoop loop;
  static const std::vector<onager_parameter> rows{
      integer_row("every", loop.every, 1), real_row("stop_below", loop.stop_below),
      real_row("diverged_above", loop.diverged_above), real_row("agop_penalty", loop.agop_penalty),
      path_row("start")};
  const auto values = read_loop_table(
      table, rows, "[loop] of a network pipeline",
      {{"rounds", "; the optimizer says how many steps there are (steps or epochs)"}}, scope);
  loop.every = values[0].integer;
  loop.stop_below = values[1].real;
  loop.diverged_above = values[2].real;
  loop.agop_penalty = values[3].real;
  loop.start = values[4].text;
  loop.where.start = values[4].where;
  return loop;
}

std::string to_toml(const NetworkLoop& loop) {
  std::string out = fmt::format(
      "every = {}\nstop_below = {}\ndiverged_above = {}\nagop_penalty = {}\n", loop.every,
      toml_float(loop.stop_below), toml_float(loop.diverged_above), toml_float(loop.agop_penalty));
  if (!loop.start.empty()) out += fmt::format("start = {}\n", toml_string(loop.start));
  return out;
}

}  // namespace onager::host
