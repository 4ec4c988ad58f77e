// SPDX-License-Identifier: MIT
#include "pipeline/job_array.hpp"

#include "base/files.hpp"
#include "pipeline/sweep_points.hpp"
#include "results/sweep_results.hpp"

#include <fmt/format.h>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

/// A text as one word of the shell.
std::string shell_word(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

/// Without what a directive's value may not hold.
std::string job_name(const std::string& name) {
  std::string out;
  for (const char c : name) out += c == ' ' || c == '\n' || c == '\t' ? '_' : c;
  return out;
}

std::string script(const std::string& name, std::size_t tasks, const JobArrayRequest& request) {
  std::string program;
  for (const auto& word : request.command) program += shell_word(word) + " ";
  return fmt::format(
      R"(#!/bin/bash
#SBATCH --job-name={0}
#SBATCH --array=0-{1}{2}
#SBATCH --cpus-per-task={3}
#SBATCH --output=/dev/null
# A point of the sweep a task; what it prints goes to points/NAME.log. Add --mem, --time and
# --partition as your cluster asks for them.
set -euo pipefail
cd {4}
point=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" slurm.points)
resume=
if [ -e "points/$point/config.toml" ]; then resume=--resume; fi
exec {5}run "points/$point.toml" --out "points/$point" \
  --threads "${{SLURM_CPUS_PER_TASK:-{3}}}" $resume >"points/$point.log" 2>&1
)",
      job_name(name), tasks - 1, request.jobs ? fmt::format("%{}", *request.jobs) : "",
      request.threads, shell_word(fs::absolute(request.folder).lexically_normal().string()),
      program);
}

}  // namespace

JobArray write_job_array(const Sweep& sweep, const JobArrayRequest& request) {
  prepare_sweep_folder(request.folder);
  const FileLock lock(request.folder / ".lock",
                      fmt::format("a sweep is running in {}", request.folder.string()));
  const PlacedSweep placed = place_sweep(sweep, request.folder, request.warning);
  JobArray out;
  out.points = placed.points.size();
  out.tasks = placed.waiting.size();
  out.script = request.folder / "slurm.sh";
  write_sweep_beginning(sweep.file, placed.records, request.folder);
  std::string names;
  for (const auto index : placed.waiting) {
    write_file(placed.points[index].beside(".toml"), placed.points[index].config);
    names += placed.records[index].name + "\n";
  }
  if (out.tasks == 0) return out;
  write_file(request.folder / "slurm.points", names);
  write_file(out.script, script(sweep.file.name, out.tasks, request));
  return out;
}

}  // namespace onager::host
