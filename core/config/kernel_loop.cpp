// SPDX-License-Identifier: MIT
#include "config/kernel_loop.hpp"

#include "base/text.hpp"
#include "config/own_keys.hpp"
#include "config/own_tables.hpp"

#include <fmt/format.h>

namespace onager::host {

const std::vector<onager_parameter>& kernel_loop_rows() {
  static const std::vector<onager_parameter> rows{
      documented(integer_row("rounds", 1, 1), "Round 0 is the kernel with the features as given"),
      documented(part_row("validation"), "Part of the training samples held out to choose by"),
      documented(integer_row("patience", 0, 0),
                 "Rounds without a better validation error after which the loop ends; 0: never"),
      documented(flag_row("fresh_samples"), "Draw the training samples anew in each round"),
      documented(path_row("start"), "Feature matrix to begin with")};
  return rows;
}

KernelLoop read_kernel_loop(const Node* table, const Scope& scope) {
  const auto values = read_loop_table(table, kernel_loop_rows(), "[loop]", {}, scope);
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
