// SPDX-License-Identifier: MIT
#pragma once

#include "config/sweep.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

struct JobArrayRequest {
  std::filesystem::path folder;      // as in SweepRequest
  std::vector<std::string> command;  // as in SweepRequest
  std::optional<int> jobs;           // tasks at a time at most
  int threads = 1;                   // of a task
  std::function<void(const std::string& text)> warning;
};

struct JobArray {
  std::filesystem::path script;
  std::size_t tasks = 0;   // points that are not finished
  std::size_t points = 0;  // all
};

/// Writes a script for Slurm's sbatch that runs what is missing of a sweep, a point a task:
///
///   FOLDER/slurm.sh        the script; none where nothing is missing
///   FOLDER/slurm.points    names of the points, in the order of the tasks
///   FOLDER/points/NAME.toml
///
/// A sweep into the same folder finds what the tasks finished.
JobArray write_job_array(const Sweep& sweep, const JobArrayRequest& request);

}  // namespace onager::host
