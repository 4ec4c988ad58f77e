// SPDX-License-Identifier: MIT
#include "pipeline/sweep.hpp"

#include "base/process.hpp"
#include "base/text.hpp"
#include "base/threads.hpp"
#include "cli/live_table.hpp"
#include "cli/print_json.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "pipeline/job_array.hpp"
#include "results/figure_json.hpp"
#include "results/verdicts_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>

namespace onager::host::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// "test mse 1.2e-03" of a finished point.
std::string score_of(const PointRecord& point) {
  for (const char* column : {"test_accuracy", "test_mse", "train_accuracy", "train_mse"})
    for (const auto& metric : point.metrics)
      if (metric.column == column) {
        const double value = number_of(metric.text).value_or(std::nan(""));
        std::string name = column;
        std::replace(name.begin(), name.end(), '_', ' ');
        return name + " " +
               (name.find("accuracy") != std::string::npos ? fmt::format("{:.4f}", value)
                                                           : fmt::format("{:.2e}", value));
      }
  return "";
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// What the user sees while a sweep runs.
class Progress {
 public:
  Progress(const Sweep& sweep, std::FILE* log, bool live) : log_(log), live_(live) {
    for (const auto& point : sweep.points) label_ = std::max(label_, point.label.size() + 9);
  }

  void begun(const SweepState& state, int jobs, int threads) {
    const std::size_t before = state.finished;
    line(fmt::format("{} point{}{}; {} at a time with {} thread{} each", state.points,
                     state.points == 1 ? "" : "s",
                     before > 0 ? fmt::format(", {} of them finished before", before) : "", jobs,
                     threads, threads == 1 ? "" : "s"));
  }

  void point_ended(const PointRecord& point, const SweepState& state) {
    const std::size_t ended = state.points - state.waiting - state.running.size();
    const std::string number = std::to_string(state.points);
    const double seconds = point.summary ? point.summary->total_seconds : 0;
    std::string text =
        fmt::format("[{:>{}}/{}] {:<{}}  {:<11}  {:>9}  {}", ended, number.size(), number,
                    point.name, label_, point.status, duration(seconds),
                    point.status == "finished" ? score_of(point) : first_line(point.message));
    line(text.substr(0, text.find_last_not_of(' ') + 1));
  }

  void watched(const SweepState& state) {
    if (!live_) return;
    std::vector<std::string> lines = {fmt::format(
        "{} of {} finished, {} failed, {} running, {} waiting{}", state.finished, state.points,
        state.failed, state.running.size(), state.waiting,
        std::isnan(state.seconds_left) ? "" : ", about " + duration(state.seconds_left) + " left")};
    for (const auto& point : state.running)
      lines.push_back(fmt::format("  {:<{}}  {:>9}  {}", point.name, label_,
                                  duration(point.seconds), point.last_line));
    table_.show(lines);
  }

  void line(const std::string& text) {
    if (live_) return table_.print(text);
    if (log_ == nullptr) return;
    print_lines(log_, text + "\n");
  }

  void warning(const std::string& text) {
    if (live_) table_.clear();
    warn(text);
  }

  void done() { table_.clear(); }

 private:
  std::FILE* log_;
  const bool live_;
  std::size_t label_ = 0;
  LiveTable table_;
};

Json to_json(const SweepOutcome& outcome, const fs::path& folder) {
  Json points = Json::array();
  const Table& table = outcome.results.table;
  for (const auto& row : table.rows) {
    Json point = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto value = number_of(row[i]);
      if (row[i].empty()) point[table.columns[i]] = nullptr;
      else if (value && std::isfinite(*value)) point[table.columns[i]] = *value;
      else point[table.columns[i]] = row[i];
    }
    points.push_back(std::move(point));
  }
  return {{"folder", folder.string()},
          {"points", points},
          {"fits", fits_json(outcome.results.figures)},
          {"expectations", verdicts_json(outcome.results.verdicts)}};
}

constexpr std::string_view ending = "-sweep";

/// The pipeline file's name without its extension. The sweep.toml of a sweep's folder is repeated
/// under that sweep's own name.
std::string name_of(const fs::path& file) {
  const fs::path folder = fs::absolute(file).lexically_normal().parent_path();
  if (file.filename() != "sweep.toml" || !is_sweep_folder(folder)) return file.stem().string();
  std::string name = folder.filename().string();
  if (name.size() > ending.size() &&
      name.compare(name.size() - ending.size(), ending.size(), ending) == 0)
    name.resize(name.size() - ending.size());
  return name;
}

fs::path folder_of(const std::string& name, const SweepOptions& options) {
  return options.out.empty() ? fs::path("runs") / (name + std::string(ending))
                             : fs::path(options.out);
}

/// The program with the options that its processes need, wherever they run.
std::vector<std::string> command_of(const SweepOptions& options) {
  std::vector<std::string> out{own_program().string()};
  for (const auto& place : options.plugin_path) {
    out.push_back("--plugin-path");
    out.push_back(fs::absolute(place).string());
  }
  if (options.require_signed) out.push_back("--require-signed");
  return out;
}

int emit(const Sweep& plan, const SweepOptions& options) {
  JobArrayRequest request;
  request.folder = folder_of(plan.file.name, options);
  request.command = command_of(options);
  if (options.jobs > 0) request.jobs = options.jobs;
  request.threads = std::max(1, options.threads);
  request.warning = warn;
  const JobArray array = write_job_array(plan, request);
  if (options.json) {
    const Json facts = {{"folder", request.folder.string()},
                        {"script", array.tasks > 0 ? Json(array.script.string()) : Json()},
                        {"points", array.points},
                        {"tasks", array.tasks}};
    print_json(facts);
    return 0;
  }
  fmt::print("{} of {} point{} to run\n", array.tasks, array.points, array.points == 1 ? "" : "s");
  if (array.tasks > 0)
    fmt::print("submit   sbatch {}\ncollect  onager report {}\n", array.script.string(),
               request.folder.string());
  return 0;
}

}  // namespace

int sweep(const Registry& registry, const SweepOptions& options) {
  Sweep plan = read_sweep(options.file, options.overrides, registry);
  plan.file.name = name_of(options.file);
  if (!options.emit.empty()) return emit(plan, options);
  const bool live = !options.json && !options.quiet && LiveTable::possible();
  Progress progress(plan, options.quiet ? nullptr : options.json ? stderr : stdout, live);

  SweepRequest request;
  request.folder = folder_of(plan.file.name, options);
  request.command = command_of(options);
  request.jobs = std::max(1, options.jobs);
  request.threads = options.threads > 0 ? options.threads : available_threads();
  const int each = std::max(1, request.threads / request.jobs);
  request.warning = [&](const std::string& text) { progress.warning(text); };
  request.begun = [&](const SweepState& state) { progress.begun(state, request.jobs, each); };
  request.point_ended = [&](const PointRecord& point, const SweepState& state) {
    progress.point_ended(point, state);
  };
  if (live) request.watched = [&](const SweepState& state) { progress.watched(state); };

  const SweepOutcome outcome = run_sweep(plan, request);
  progress.done();
  if (options.json) {
    print_json(to_json(outcome, request.folder));
    return concluded(outcome.results.verdicts, options.expect, outcome.exit_status, nullptr);
  }
  print_lines(
      stdout,
      fmt::format("{}\n{}table   {}\nreport  {}\n", sweep_sentence(outcome.results.points),
                  fits_text(outcome.results.figures), (request.folder / "sweep.csv").string(),
                  (request.folder / "report.html").string()));
  if (outcome.exit_status == 130) fmt::print("run it again for what is missing\n");
  return concluded(outcome.results.verdicts, options.expect, outcome.exit_status, stdout);
}

}  // namespace onager::host::cli
