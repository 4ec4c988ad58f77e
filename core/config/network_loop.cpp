// SPDX-License-Identifier: MIT
#include "config/network_loop.hpp"

#include "base/text.hpp"
#include "config/own_keys.hpp"
#include "config/own_tables.hpp"

#include <fmt/format.h>

namespace onager::host {

const std::vector<onager_parameter>& network_loop_rows() {
  static const NetworkLoop loop;
  static const std::vector<onager_parameter> rows{
      documented(integer_row("every", loop.every, 1), "Steps between two rows of metrics"),
      documented(real_row("stop_below", loop.stop_below), "Training loss that ends the run"),
      documented(real_row("diverged_above", loop.diverged_above),
                 "Training loss above which the run counts as diverged"),
      documented(real_row("agop_penalty", loop.agop_penalty),
                 "Weight of the trace of the average gradient outer product in the loss"),
      documented(path_row("start"), "Parameters to begin with")};
  return rows;
}

NetworkLoop read_network_loop(const Node* table, const Scope& scope) {
  NetworkLoop loop;
  const auto values = read_loop_table(
      table, network_loop_rows(), "[loop] of a network pipeline",
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
