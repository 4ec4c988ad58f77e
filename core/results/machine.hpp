// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace onager::host {

/// The machine and program that made a run, for summary.json and the report.
struct Machine {
  std::string onager_version, abi_version, compiler, blas, cpu, host, system;
  int threads = 0;
};

/// This process's. `threads` is what the run was given.
Machine this_machine(int threads);

}  // namespace onager::host
