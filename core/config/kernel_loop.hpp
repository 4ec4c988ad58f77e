// SPDX-License-Identifier: MIT
#pragma once

#include "base/where.hpp"

#include <cstdint>
#include <string>

namespace onager::host {

struct Node;
struct Scope;

/// [loop] of a kernel machine: how its rounds follow one another.
struct KernelLoop {
  std::int64_t rounds = 1;
  double validation = 0;       // part of the training samples that is held out to choose by
  std::int64_t patience = 0;   // rounds without a better one after which the loop ends; 0: never
  bool fresh_samples = false;  // training samples are drawn anew in each round
  std::string start;           // file of the feature matrix to begin with; "": the map's own

  struct Places {
    Where validation, fresh_samples, start;
  } where;
};

/// Reads the table, which may be missing (nullptr). Problems go to the scope.
KernelLoop read_kernel_loop(const Node* table, const Scope& scope);
/// The table as a pipeline file has it.
std::string to_toml(const KernelLoop& loop);

}  // namespace onager::host
