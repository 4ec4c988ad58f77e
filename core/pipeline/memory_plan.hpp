// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// What decides how much memory a run takes, known before it begins.
struct MemoryShape {
  std::int64_t train_samples = 0, unseen_samples = 0, outputs = 0;
  double number_size = 8;  // bytes of a number of the run's precision

  /// A feature map: input s to input s + 1 of the chain.
  struct Stage {
    std::int64_t inputs = 0, outputs = 0;  // features
    bool learns = false, linear = false, diagonal = false;
  };
  std::int64_t features = 0;  // of the data
  std::vector<Stage> stages;

  double fact_bytes = 0;     // that a dataset gives to diagnostics
  double dataset_bytes = 0;  // that the dataset holds of its files until the data is loaded
  std::int64_t threads = 1;
  std::size_t block_kernels = 0;  // leaves of the kernel that need the data
  bool shifts = false;            // the kernel takes its samples minus their mean
  bool differentiable = true;
  bool diagnoses = false;      // there are diagnostics
  bool fresh_samples = false;  // the dataset is asked for others in each round
  bool validates = false;      // the best round is kept
  std::int64_t rounds = 1;
};

/// A phase of a run: all that is held while it lasts.
struct MemoryPhase {
  struct Item {
    std::string what;
    double bytes = 0;
  };
  std::string name;         // as in the times of summary.json
  std::vector<Item> items;  // those of several phases first
  double bytes = 0;         // their sum
};

struct MemoryPlan {
  double limit = 0;
  std::string limit_source;  // "memory_limit = \"4 GiB\"", for messages
  std::vector<MemoryPhase> phases;
  std::vector<std::string> unknown;  // what could not be told, as sentences
  std::string solver_reason;         // what the solver says where it wants more than it is allowed
  double solver_allowed = 0;         // bytes left to the solver

  bool known() const { return unknown.empty(); }
  const MemoryPhase& peak() const;
  /// The least that the run takes is more than the limit.
  bool exceeded() const { return peak().bytes > limit; }
};

/// Bytes that a solver takes where it is allowed so many; nothing where it cannot tell.
using SolverMemory = std::function<std::optional<double>(double allowed)>;

/// Plans the phases load, transform, fit, predict, diagnose, learn and write. Counted are the
/// arrays that grow with samples, features or outputs, and the program itself as a fixed amount.
MemoryPlan plan_memory(const MemoryShape& shape, double limit, const SolverMemory& solver);

/// Throws Error(system) when the plan exceeds its limit: the phase, what it holds, what is allowed
/// and what helps.
void require_memory(const MemoryPlan& plan);

/// Lines such as "fit  4.1 GiB  solver 4.0 GiB, data 96 MiB", the last with the peak and the limit.
std::vector<std::string> memory_lines(const MemoryPlan& plan);

}  // namespace onager::host
