// SPDX-License-Identifier: MIT
#pragma once

#include "config/sweep.hpp"
#include "results/sweep_results.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace onager::host {

struct RunningPoint {
  std::string name;
  double seconds = 0;
  std::string last_line;  // that it printed
};

/// How far a sweep is.
struct SweepState {
  std::size_t points = 0, finished = 0, failed = 0, waiting = 0;
  std::size_t elsewhere = 0;  // points that other processes run
  std::vector<RunningPoint> running;
  double seconds_left =
      0;  // at the mean time of the points that ended so far; NaN before the first
};

struct SweepRequest {
  std::filesystem::path folder;      // created when missing
  std::vector<std::string> command;  // the program and its options, to which `run` is appended
  int jobs = 1;                      // points at a time
  int threads = 1;                   // of all points that run at a time; each gets an equal share
  std::function<void(const std::string& text)> warning;
  std::function<void(const SweepState& state)> begun;
  std::function<void(const PointRecord& point, const SweepState& state)> point_ended;
  std::function<void(const SweepState& state)> watched;  // several times a second
};

struct SweepOutcome {
  SweepResults results;
  int exit_status = 0;  // 0 when all points are finished; else the first failure's, or 130
};

/// Runs what is missing of a sweep, each point in a process of its own:
///
///   FOLDER/points/NAME/   the point's run folder
///   FOLDER/sweep.toml     the pipeline file with its overrides
///   FOLDER/sweep.csv      a row a point, replaced after each
///   FOLDER/sweep.json, figures/, report.html   written at the end
///
/// A point that fails is recorded and the others go on; points/NAME.log and NAME.toml then stay
/// beside its folder. One that another process is running is left to it. A stop request is passed
/// on to the points that run. Throws Error when the folder cannot be used.
SweepOutcome run_sweep(const Sweep& sweep, const SweepRequest& request);

}  // namespace onager::host
