// SPDX-License-Identifier: MIT
//
// What several tests need: the built plugins, components from a line of TOML, scratch folders, and
// the program itself.
#pragma once

#include "base/threads.hpp"
#include "config/plan.hpp"
#include "linalg/arrays.hpp"
#include "linalg/kernel_expression.hpp"
#include "plugin/instance.hpp"
#include "plugin/registry.hpp"
#include "results/npy.hpp"
#include "run_program.hpp"
#include "scratch.hpp"

#include <armadillo>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace onager::test {

/// The plugins of the build, loaded once.
const host::Registry& built_in();

/// The plan of a pipeline text, with any file names relative to the current folder.
host::Plan plan_of(const std::string& toml, const std::vector<std::string>& overrides = {});

/// A kernel as the engine sees it, with what it needs kept alive.
struct Kernel {
  std::unique_ptr<host::Environment> environment;
  std::unique_ptr<host::Instance> instance;
  std::unique_ptr<host::KernelExpression> expression;
};
/// From the lines of a [kernel] table.
Kernel kernel_of(const std::string& table);

/// A reference array as columns (samples as columns), in double.
arma::mat reference(const std::string& name);

/// max |a - b| / max |b|
double relative_error(const arma::mat& a, const arma::mat& b);

}  // namespace onager::test
