// SPDX-License-Identifier: MIT
#pragma once

#include "base/where.hpp"

#include <cstdint>
#include <string>

namespace onager::host {

struct Node;
struct Scope;

/// [loop] of a network pipeline. The optimizer says how many steps there are.
struct NetworkLoop {
  std::int64_t every = 1;        // a row of metrics every so many steps, at the first and the last
  double stop_below = 0;         // ends the run once the loss on all training samples is below
  double diverged_above = 1e12;  // a loss above it, or that is not finite, ends the run
  double agop_penalty = 0;       // weight of the trace of the average gradient outer product
  std::string start;             // parameters of another run to start from (.npy); "": initial ones

  struct Places {
    Where start;
  } where;
};

NetworkLoop read_network_loop(const Node* table, const Scope& scope);
/// The table as a pipeline file has it.
std::string to_toml(const NetworkLoop& loop);

}  // namespace onager::host
