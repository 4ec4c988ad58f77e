// SPDX-License-Identifier: MIT
//
// What the conformance tests run on: every component of the build, with its defaults and with the
// parameters of one table, and kernels written in plain C as others may write them.
#pragma once

#include "../support.hpp"

#include <string>
#include <vector>

namespace onager::test {

/// A component with lines of TOML for its parameters.
struct Example {
  const host::ComponentEntry* entry;
  std::string lines;
  std::string label() const { return entry->qualified_id() + "\n" + lines; }
};

/// The plugins of the build and the foreign kernels.
const host::Registry& everything();

/// Whether a component cannot be created from its defaults.
bool needs_parameters(const host::ComponentEntry& entry);
/// The rows of the table for a component; a component without any is run with its defaults.
std::vector<std::string> listed_parameters(const host::ComponentEntry& entry);
/// All that can be created: defaults first, then the rows of the table.
std::vector<Example> examples(const std::string& kind);
std::vector<Example> examples();

host::Plan pipeline_of(const Example& example);
host::ComponentPlan plan_of(const Example& example);
/// The expression of a kernel.
Kernel kernel_of(const Example& example);

/// d x n numbers, standard normal, the same in every run.
arma::mat normal_numbers(arma::uword rows, arma::uword columns, unsigned seed);

/// Four kernels behind the bare C ABI: "foreign_rational" (radial, float64 only, 1 / (1 + r²)),
/// "foreign_additive" (block, sum_i exp(-(x_i - z_i)²)) and "foreign_blunt" (dot, float64 only,
/// exp(<x, z> / 8), without derivative), and "foreign_square" (composite, float64 only, k²).
const onager_plugin* foreign_kernels();

}  // namespace onager::test
