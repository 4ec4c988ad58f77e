// SPDX-License-Identifier: MIT
#pragma once

#include "config/plan.hpp"
#include "pipeline/memory_plan.hpp"
#include "results/metrics.hpp"
#include "results/summary.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace onager::host {

enum class Resume { no, yes };

struct RunRequest {
  std::filesystem::path folder;  // created when missing
  Resume resume = Resume::no;
  int threads = 1;
  std::function<void(const std::string& line)> progress;  // one line a row of metrics.csv
  /// How far a call of the current row is; may come often, and from any thread.
  std::function<void(std::int64_t index, double fraction, const std::string& what)> within_round;
  std::function<void(const std::string& text)> warning;
};

struct RunOutcome {
  RunStatus status = RunStatus::failed;
  std::string message;  // why it failed
  std::string ended;    // why it ended before all that was planned, where that is no failure
  std::optional<std::int64_t> kept_round;  // where it is chosen by validation samples
  int exit_status = 0;
  bool was_finished = false;  // resumed, but there was nothing left to do
  Metrics metrics;
  std::vector<Verdict> verdicts;  // on the plan's expectations, once it is finished
  double seconds = 0;
};

/// Runs a pipeline into a run folder: config.toml and lock.toml first, then after each round
/// metrics.csv and a checkpoint, and at the end, however it came, arrays, summary.json and
/// report.html. Throws Error only when there is no folder to write the outcome to; later failures
/// are in the outcome and in summary.json.
RunOutcome run_pipeline(const Plan& plan, const RunRequest& request);

/// The memory that a run of the pipeline would take: creates its components and describes the
/// dataset, and computes nothing. Throws Error, of Category::system
/// where it is not known: that of a network is not planned.
MemoryPlan expected_memory(const Plan& plan, int threads);

}  // namespace onager::host
