// SPDX-License-Identifier: MIT
#pragma once

#include "results/machine.hpp"
#include "results/metrics.hpp"
#include "results/verdicts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onager::host {

enum class RunStatus { finished, failed, interrupted };
const char* to_string(RunStatus status);

/// Features that mean one thing, such as the one-hot code of one operand.
struct FeatureGroup {
  std::string name;
  std::int64_t first = 0, count = 0;
};

/// summary.json: how a run went, apart from its metrics.
struct Summary {
  RunStatus status = RunStatus::failed;
  std::string message;   // of the failure, or ""
  std::string ended;     // why it ended before all that was planned, where that is no failure
  std::string pipeline;  // name of the pipeline file that was run, without its folder
  std::uint64_t seed = 0;
  std::string precision;
  std::string task;     // "classification" or "regression"
  bool learns = false;  // a feature map learns from round to round, so that round 0 is untrained
  std::int64_t rounds_done = 0, rounds_planned = 0;
  /// The round whose metrics and arrays are the run's; none: the last.
  std::optional<std::int64_t> kept_round;
  std::int64_t train_samples = 0, validation_samples = 0, test_samples = 0;
  std::int64_t features = 0, outputs = 0;
  std::int64_t parameters = 0;  // of a network
  std::vector<FeatureGroup> feature_groups;
  std::vector<std::string> warnings;                    // what a reader of the numbers must know
  std::vector<std::pair<std::string, double>> seconds;  // by phase: "load", "fit", ...
  double total_seconds = 0;
  std::uint64_t peak_memory = 0;  // bytes, measured
  std::uint64_t planned_memory = 0,
                memory_limit = 0;     // the peak expected and allowed; 0: not known
  std::vector<Verdict> expectations;  // of a finished run
  Machine machine;
};

/// The text of summary.json. Metrics of the kept round stand under "metrics" with the keys of
/// metrics.csv (seconds are given apart); what is not finite, or not there, is null.
std::string to_json(const Summary& summary, const Metrics& metrics);

/// Reads what to_json() wrote; a key that is missing keeps its default, null is NaN. Throws
/// Error(config) that names the file.
Summary summary_from_json(const std::string& text, const std::string& file);

}  // namespace onager::host
