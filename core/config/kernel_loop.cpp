// SPDX-License-Identifier: MIT
#include "config/kernel_loop.hpp"

#include "base/text.hpp"
#include "config/own_keys.hpp"

#include <fmt/format.h>

namespace onager::host {

KernelLoop read_kernel_loop(const Node* table, const Scope& scope) {
  static const std::vector<onager_parameter> rows{
      integer_row("rounds", 1, 1), part_row("validation"), integer_row("patience", 0, 0),
      flag_row("fresh_samples"), path_row("start")};
  const auto values = read_loop_table(table, rows, "[loop]", {}, scope);
  const auto &validation = values[1], &patience = values[2], &fresh_samples = values[3],
             &start = values[4];
  if (patience.integer > 0 && validation.real == 0)
    scope.problems.add(patience.where,
                       "patience counts rounds without a better validation error; give the part "
                       "of the training samples that is held out too, such as validation = 0.1");
  KernelLoop loop;
  loop.rounds = values[0].integer;
  loop.validation = validation.real;
  loop.patience = patience.integer;
  loop.fresh_samples = fresh_samples.integer != 0;
  loop.start = start.text;
  loop.where = {validation.where, fresh_samples.where, start.where};
  return loop;
}

std::string to_toml(const KernelLoop& loop) {
  std::string out =
      fmt::format("rounds = {}\nvalidation = {}\npatience = {}\nfresh_samples = {}\n", loop.rounds,
                  toml_float(loop.validation), loop.patience, loop.fresh_samples);
  if (!loop.start.empty()) out += fmt::format("start = {}\n", toml_string(loop.start));
  return out;
}

}  // namespace onager::host
