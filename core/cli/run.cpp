// SPDX-License-Identifier: MIT
#include "pipeline/run.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/threads.hpp"
#include "cli/status_line.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "pipeline/lock.hpp"
#include "results/feature_ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace onager::host::cli {

namespace {

namespace fs = std::filesystem;

std::string stem(const Plan& plan) {
  const std::string name = plan.file.stem().string();
  // the config.toml of a run folder is repeated under that run's own name
  if (name != "config" || !plan.file.has_parent_path()) return name;
  std::string folder = fs::absolute(plan.file).parent_path().filename().string();
  const auto dash = folder.find_last_not_of("0123456789");
  if (dash != std::string::npos && folder[dash] == '-' && dash + 1 < folder.size())
    folder.resize(dash);
  return folder.empty() ? name : folder;
}

/// Numbers of the folders runs/NAME-NNN, ascending.
std::vector<int> numbers(const std::string& name) {
  std::vector<int> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("runs", ignored)) {
    const std::string folder = entry.path().filename().string();
    if (folder.rfind(name + "-", 0) != 0) continue;
    const std::string digits = folder.substr(name.size() + 1);
    if (!digits.empty() && digits.size() < 9 &&
        digits.find_first_not_of("0123456789") == std::string::npos)
      found.push_back(std::stoi(digits));
  }
  std::sort(found.begin(), found.end());
  return found;
}

fs::path numbered(const std::string& name, int number) {
  return fs::path("runs") / fmt::format("{}-{:03}", name, number);
}

fs::path choose_folder(const Plan& plan, const RunOptions& options) {
  if (!options.out.empty()) return options.out;
  const std::string name = stem(plan);
  const auto taken = numbers(name);
  if (!options.resume) return numbered(name, taken.empty() ? 1 : taken.back() + 1);
  const std::string config = computation_of(to_toml(plan));
  for (auto number = taken.rbegin(); number != taken.rend(); ++number) {
    const fs::path folder = numbered(name, *number);
    if (fs::exists(folder / "config.toml") &&
        computation_of(read_file(folder / "config.toml")) == config)
      return folder;
  }
  throw Error(Category::config,
              fmt::format("no run of this configuration is under runs/{}-NNN to resume; name its "
                          "folder with --out",
                          name));
}

fs::path pipeline_file(const RunOptions& options) {
  const fs::path file = options.file;
  return fs::is_directory(file) ? file / "config.toml" : file;
}

/// The plan, with the plugins of the lock file where there is one.
Plan locked_plan(const Registry& registry, const RunOptions& options, const fs::path& lock_file) {
  const fs::path file = pipeline_file(options);
  if (lock_file.empty()) return read_plan(file, options.overrides, registry);
  const auto pins = read_lock(lock_file);
  require_installed(registry, pins, lock_file);
  Plan plan = read_plan(file, options.overrides, registry);
  if (options.locked) require_locked(plan, pins, lock_file);
  else if (!options.resume)
    for (const auto& line : lock_differences(plan, pins, Match::package))
      fmt::print(stderr,
                 "warning: {}; numbers may differ in their last digits, and --locked refuses it\n",
                 line);
  return plan;
}

}  // namespace

fs::path lock_file_of(const RunOptions& options) {
  const fs::path file = options.file, out = options.out;
  if (fs::is_directory(file)) return file / "lock.toml";
  if (options.locked) return file.parent_path() / "lock.toml";
  const bool continues = options.resume && fs::exists(out / "lock.toml");
  return continues ? out / "lock.toml" : fs::path();
}

int run(const Registry& registry, const RunOptions& options) {
  const Plan plan = locked_plan(registry, options, lock_file_of(options));
  if (plan.has_sweep)
    print_lines(stderr,
                fmt::format("note: {} has a [sweep]; this runs the pipeline as it stands, `onager "
                            "sweep {}` runs the points and draws and judges them\n",
                            options.file, options.file));

  RunRequest request;
  request.folder = choose_folder(plan, options);
  request.resume = options.resume ? Resume::yes : Resume::no;
  request.threads = options.threads > 0 ? options.threads : available_threads();
  StatusLine status;
  request.warning = [&](const std::string& text) {
    status.clear();
    warn(text);
  };
  if (!options.quiet) {
    request.progress = [&](const std::string& line) {
      status.clear();
      print_lines(stdout, line + "\n");
    };
    if (status.enabled())
      request.within_round = [&](std::int64_t round, double fraction, const std::string& what) {
        status.show(fmt::format("round {}   {} {:.0f} %", round, what, 100 * fraction));
      };
  }
  const RunOutcome outcome = run_pipeline(plan, request);
  status.clear();
  const std::string folder = request.folder.string();
  if (outcome.was_finished) {
    fmt::print("{} is finished already\n", folder);
    return concluded(outcome.verdicts, options.expect, 0, stdout);
  }
  if (!outcome.ended.empty()) print_lines(stdout, outcome.ended + "\n");
  if (outcome.kept_round)
    fmt::print("kept        round {}, the best on the validation samples\n", *outcome.kept_round);
  if (outcome.status == RunStatus::failed) fmt::print(stderr, "onager: {}\n", outcome.message);
  const char* report = fs::exists(request.folder / "report.html") ? "/report.html" : "";
  fmt::print("{} after {}\nrun folder  {}\nreport      {}{}\n", to_string(outcome.status),
             duration(outcome.seconds), folder, folder, report);
  if (outcome.status != RunStatus::failed) {
    const std::string ranking = ranking_line(request.folder);
    if (!ranking.empty()) print_lines(stdout, fmt::format("features    {}\n", ranking));
  }
  if (outcome.status == RunStatus::interrupted)
    fmt::print("go on with  onager run {} --resume --out {}\n",
               (request.folder / "config.toml").string(), folder);
  return concluded(outcome.verdicts, options.expect, outcome.exit_status, stdout);
}

}  // namespace onager::host::cli
