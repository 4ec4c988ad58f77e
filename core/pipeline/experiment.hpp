// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/memory_plan.hpp"
#include "pipeline/phase_times.hpp"
#include "results/npy.hpp"
#include "results/summary.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// What a component has to keep for resuming: its place in the pipeline and its state arrays.
struct ComponentState {
  std::string path;
  std::map<std::string, NpyArray> arrays;
};

/// A row of metrics.csv that an experiment has come to.
struct Row {
  std::int64_t index;
  bool kept = true;  // it is the run's result, with what was emitted in it, until a later one is
  bool last = false;
  std::string ended;  // why it is the last, where that is not for all planned ones being done
};

/// What a run runs: the rounds of a kernel machine, or the steps of a network. It comes to rows of
/// metrics.csv whose indices ascend. The run keeps the folder, the metrics and the checkpoints.
class Experiment {
 public:
  using Emit = std::function<void(const std::string& name, double value)>;

  virtual ~Experiment() = default;

  /// "round" or "step": what the rows count.
  virtual const char* unit() const = 0;
  virtual void load(PhaseTimes& times) = 0;
  /// What it will hold, from the sizes of the data alone. Throws Error, of Category::system where
  /// that is not known.
  virtual const MemoryPlan& expected_memory() = 0;

  /// Goes on to the first row with an index of `from` or more, and measures it through `emit`; what
  /// components emit meanwhile belongs to that row too.
  virtual Row advance(std::int64_t from, const Emit& emit, PhaseTimes& times) = 0;
  /// The index after the last row's, once loaded.
  virtual std::int64_t end() const = 0;
  /// How many units are done when the next row has an index of `from` or more.
  virtual std::int64_t done(std::int64_t from) const = 0;
  /// A checkpoint is written after the first row that comes this long after the last one, which
  /// took `last_took` seconds to write.
  virtual double seconds_between_checkpoints(double last_took) const = 0;
  /// Of an interrupted experiment: the index for `advance` to go on with from what state() gives
  /// now. Nothing where that has no whole state between two rows; then the last checkpoint counts.
  virtual std::optional<std::int64_t> interrupted_at() const = 0;

  /// Lets the diagnostics finish; `last` is the index of the last row that is complete.
  virtual void finish(std::int64_t last, PhaseTimes& times) = 0;

  /// What components and the loop have to keep when the next row has an index of `from` or more.
  virtual std::vector<ComponentState> state() const = 0;
  /// Throws Error(system) when the state is not one of this pipeline.
  virtual void restore(const std::vector<ComponentState>& state, std::int64_t from) = 0;

  /// What was learned, by name, for the run folder.
  virtual std::map<std::string, NpyArray> learned_arrays() const = 0;
  /// Sizes, groups and memory, as far as they are known.
  virtual void describe(Summary& summary) const = 0;
};

}  // namespace onager::host
