// SPDX-License-Identifier: MIT
#include "pipeline/run.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "base/memory.hpp"
#include "base/text.hpp"
#include "base/threads.hpp"
#include "pipeline/checkpoint.hpp"
#include "pipeline/kernel_machine.hpp"
#include "pipeline/lock.hpp"
#include "pipeline/network_machine.hpp"
#include "results/figure_files.hpp"
#include "results/report.hpp"
#include "results/run_figures.hpp"
#include "results/run_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <new>
#include <optional>

namespace onager::host {

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// What components emit, under names of their own: the second component to use a name gets NAME.2.
class Emitted {
 public:
  std::string owned(const std::string& path, const std::string& name) {
    std::string candidate = name;
    for (int k = 2;; ++k) {
      const auto [entry, fresh] = owners_.emplace(candidate, path);
      if (fresh || entry->second == path) return candidate;
      candidate = fmt::format("{}.{}", name, k);
    }
  }

 private:
  std::map<std::string, std::string> owners_;
};

std::vector<Verdict> judge_run(const Plan& plan, const Metrics& metrics) {
  return judge(plan.expectations, metrics, run_figures(plan.figures, metrics));
}

template <class T>
std::unique_ptr<Experiment> make_experiment_of(const Plan& plan, const EnvironmentOf& environment) {
  if (plan.is_network()) return std::make_unique<NetworkMachine<T>>(plan, environment);
  return std::make_unique<KernelMachine<T>>(plan, environment);
}

std::unique_ptr<Experiment> make_experiment(const Plan& plan, const EnvironmentOf& environment) {
  return plan.precision == Precision::float32 ? make_experiment_of<float>(plan, environment)
                                              : make_experiment_of<double>(plan, environment);
}

/// One run with its folder. The loop's order is that of a lab book: a row is measured and written
/// down before the work for the next begins.
class Run {
 public:
  Run(const Plan& plan, const RunRequest& request)
      : plan_(plan),
        request_(request),
        folder_(request.folder),
        threads_(request.threads),
        config_(to_toml(plan)),
        lock_(lock_toml(plan)) {
    // a solver may have validation samples of its own
    if (plan.kernel_loop.validation > 0)
      for (const char* name : {"validation_mse", "validation_accuracy"})
        emitted_.owned("run", name);
  }

  RunOutcome go() {
    const auto begin = std::chrono::steady_clock::now();
    RunOutcome outcome;
    if (!prepare_folder()) {
      outcome.was_finished = true;
      outcome.status = RunStatus::finished;
      outcome.verdicts = judge_run(plan_, metrics_);
      outcome.metrics = std::move(metrics_);
      return outcome;
    }
    try {
      loop();
      outcome.status = RunStatus::finished;
      outcome.verdicts = judge_run(plan_, metrics_);
    } catch (const Error& error) {
      outcome.status =
          error.category() == Category::interrupted ? RunStatus::interrupted : RunStatus::failed;
      outcome.message = error.what();
      outcome.exit_status = error.exit_status();
    } catch (const std::bad_alloc&) {
      outcome.message = fmt::format("out of memory after {} of peak use",
                                    bytes(static_cast<double>(peak_memory())));
      outcome.exit_status = static_cast<int>(Category::system);
    } catch (const std::exception& error) {
      outcome.message = error.what();
      outcome.exit_status = static_cast<int>(Category::system);
    }
    outcome.seconds = seconds_before_ + seconds_since(begin);
    outcome.ended = ended_;
    try {
      conclude(outcome);
    } catch (const Error& error) {
      // a full disk, say: the files written before stay whole
      if (outcome.exit_status == 0) {
        outcome.status = RunStatus::failed;
        outcome.exit_status = error.exit_status();
      }
      if (outcome.message.empty()) outcome.message = error.what();
      else if (outcome.message != error.what())
        outcome.message += fmt::format("\nand then: {}", error.what());
    }
    outcome.metrics = std::move(metrics_);
    return outcome;
  }

 private:
  /// Writes config and lock, or reads the checkpoint to go on from. False when there is nothing to
  /// do.
  bool prepare_folder() {
    namespace fs = std::filesystem;
    const auto& path = folder_.path();
    const bool exists = fs::exists(path);
    if (exists && !fs::is_directory(path))
      throw Error(Category::system, fmt::format("{} is not a folder", path.string()));
    // what a run leaves that was killed before it wrote its configuration does not count
    const bool occupied =
        exists &&
        std::any_of(fs::directory_iterator(path), fs::directory_iterator(), [](const auto& entry) {
          return entry.path().filename() != ".lock" && !is_unfinished(entry.path());
        });
    if (occupied && request_.resume == Resume::no && !failed_before_first_round(path))
      throw Error(
          Category::system,
          fs::exists(path / "config.toml")
              ? fmt::format("{} holds a run already: name another folder with --out, or "
                            "continue that run with --resume",
                            path.string())
              : fmt::format("{} is not empty: name another folder with --out", path.string()));
    make_folder(path);
    lock_file_.emplace(path / ".lock",
                       fmt::format("another process is running in {}", path.string()));
    if (request_.resume == Resume::yes && !continue_from(path)) return false;
    folder_.write("config.toml", config_);
    folder_.write("lock.toml", lock_);
    return true;
  }

  /// A run that failed with no round to show, on a missing data file say, gives its folder up.
  static bool failed_before_first_round(const std::filesystem::path& path) {
    const auto file = path / "summary.json";
    if (!std::filesystem::exists(file)) return false;
    const Summary summary = summary_from_json(read_file(file), file.string());
    return summary.status == RunStatus::failed && summary.rounds_done == 0;
  }

  bool continue_from(const std::filesystem::path& path) {
    namespace fs = std::filesystem;
    if (!fs::exists(path / "config.toml"))
      throw Error(Category::config, fmt::format("there is no run in {} to resume", path.string()));
    if (computation_of(read_file(path / "config.toml")) != computation_of(config_))
      throw Error(Category::config,
                  fmt::format("{} was made with another configuration than this one; resume with "
                              "the run's own: onager run {} --resume --out {}",
                              path.string(), (path / "config.toml").string(), path.string()));
    auto checkpoint = read_checkpoint(folder_.checkpoint());
    if (!checkpoint) {
      if (!fs::exists(path / "summary.json")) return true;  // stopped before its first round ended
      const auto summary =
          summary_from_json(read_file(path / "summary.json"), (path / "summary.json").string());
      if (summary.status != RunStatus::finished) return true;
      remove_checkpoint(folder_.checkpoint());  // what a kill left of it
      metrics_ = Metrics::from_csv(read_file(path / "metrics.csv"), "metrics.csv");
      if (!fs::exists(path / "report.html")) write_pages();
      return false;
    }
    require_unchanged_plugins(*checkpoint);
    metrics_ = Metrics::from_csv(checkpoint->metrics_csv, "checkpoint");
    from_ = checkpoint->from;
    warnings_ = checkpoint->warnings;
    for (const auto& [phase, seconds] : checkpoint->seconds) {
      times_.add(phase, seconds);
      seconds_before_ += seconds;
    }
    components_ = std::move(checkpoint->components);
    return true;
  }

  /// A resumed run gives the same numbers with the same plugins only.
  void require_unchanged_plugins(const Checkpoint& checkpoint) const {
    if (checkpoint.plugins_sha256 == sha256(lock_)) return;
    const auto lock_file = folder_.path() / "lock.toml";
    const auto differences = lock_differences(plan_, read_lock(lock_file), Match::file);
    if (differences.empty()) return;  // other folders, the same libraries
    throw Error(Category::plugin,
                fmt::format("the plugins have changed since the checkpoint in {}, and a resumed "
                            "run would not give the same numbers:\n  {}",
                            folder_.path().string(), fmt::join(differences, "\n  ")));
  }

  void loop() {
    experiment_ =
        make_experiment(plan_, [this](const std::string& path) { return environment_for(path); });
    metrics_.count(experiment_->unit());
    experiment_->load(times_);
    experiment_->restore(components_, from_);
    components_.clear();
    try {
      while (from_ < experiment_->end() && next_row()) {
      }
    } catch (const Error& error) {
      if (error.category() == Category::interrupted) {
        if (const auto at = experiment_->interrupted_at()) {
          from_ = *at;
          times_.measure("write", [&] { save(false); });
        }
        finish();
      }
      throw;
    }
    finish();
  }

  /// False after the last one.
  bool next_row() {
    throw_if_stopped();
    at_ = from_;
    const auto begin = std::chrono::steady_clock::now();
    staged_.clear();
    staged_arrays_.emplace();
    std::vector<std::pair<std::string, double>> own;
    const Row row = experiment_->advance(
        from_,
        [&](const std::string& name, double value) {
          own.emplace_back(emitted_.owned("run", name), value);
        },
        times_);
    for (const auto* values : {&own, &staged_})
      for (const auto& [name, value] : *values) metrics_.set(row.index, name, value);
    for (const auto& [name, array] : *staged_arrays_)
      if (row.kept || !folder_.has_array(name)) folder_.write_array(name, array);
    staged_arrays_.reset();
    const double seconds = seconds_since(begin);
    metrics_.set(row.index, "seconds", seconds);
    if (request_.progress) request_.progress(progress_line(row.index, seconds));
    from_ = row.index + 1;
    ended_ = row.ended;
    if (row.last || seconds_since(saved_) >= experiment_->seconds_between_checkpoints(saving_took_))
      times_.measure("write", [&] { save(row.last); });
    return !row.last;
  }

  std::string progress_line(std::int64_t index, double seconds) const {
    std::string line = fmt::format("{} {:>{}}", experiment_->unit(), index,
                                   fmt::formatted_size("{}", experiment_->end()));
    const auto add = [&](const char* split, const char* measure, const char* format) {
      const double value = metrics_.at(index, fmt::format("{}_{}", split, measure));
      if (value == value)
        line +=
            fmt::format("   {} {} {}", split, measure, fmt::format(fmt::runtime(format), value));
    };
    for (const char* split : {"train", "validation", "test"}) add(split, "accuracy", "{:.4f}");
    for (const char* split : {"train", "validation", "test"}) add(split, "mse", "{:.2e}");
    return line + fmt::format("   {:.2f} s", seconds);
  }

  void save(bool last) {
    const auto begin = std::chrono::steady_clock::now();
    std::string csv = metrics_.to_csv();
    folder_.write("metrics.csv", csv);
    if (last) return;
    Checkpoint checkpoint;
    checkpoint.from = from_;
    checkpoint.plugins_sha256 = sha256(lock_);
    checkpoint.metrics_csv = std::move(csv);
    checkpoint.seconds = times_.all();
    checkpoint.warnings = warnings_;
    checkpoint.components = experiment_->state();
    write_checkpoint(folder_.checkpoint(), checkpoint);
    saving_took_ = seconds_since(begin);
    saved_ = std::chrono::steady_clock::now();
  }

  void finish() {
    staged_arrays_.reset();  // of a row that was stopped before its end
    for (const auto& [name, array] : experiment_->learned_arrays())
      folder_.write_array(name, array);
    if (from_ > 0) experiment_->finish(from_ - 1, times_);
  }

  void conclude(RunOutcome& outcome) {
    Summary summary;
    summary.status = outcome.status;
    summary.message = outcome.message;
    summary.pipeline = plan_.file.filename().string();
    summary.seed = plan_.seed;
    summary.precision = plan_.precision == Precision::float32 ? "float32" : "float64";
    summary.warnings = warnings_;
    summary.expectations = outcome.verdicts;
    summary.seconds = times_.all();
    summary.total_seconds = outcome.seconds;
    summary.peak_memory = peak_memory();
    summary.machine = this_machine(request_.threads);
    summary.ended = ended_;
    if (experiment_) {
      summary.rounds_done = experiment_->done(from_);
      summary.rounds_planned = experiment_->done(experiment_->end());
      experiment_->describe(summary);
    }
    outcome.kept_round = summary.kept_round;
    folder_.write("metrics.csv", metrics_.to_csv());
    folder_.write("summary.json", to_json(summary, metrics_));
    write_pages();
    if (outcome.status == RunStatus::finished) remove_checkpoint(folder_.checkpoint());
  }

  /// The report last: where it is, all of it is.
  void write_pages() {
    write_figures(run_figures(plan_.figures, metrics_), folder_.path() / "figures",
                  request_.warning);
    folder_.write("report.html", report_html(folder_.path()));
  }

  Environment environment_for(const std::string& path) {
    Environment environment;
    environment.seed = plan_.seed;
    environment.threads = &threads_;
    environment.log = [this](int level, const std::string& message) {
      if (level < ONAGER_LOG_WARNING) return;
      warnings_.push_back(message);
      if (request_.warning) request_.warning(message);
    };
    if (request_.within_round)
      environment.progress = [this](double fraction, const std::string& what) {
        request_.within_round(at_, fraction, what);
      };
    environment.emit.scalar = [this, path](const std::string& name, double value) {
      staged_.emplace_back(emitted_.owned(path, name), value);
    };
    environment.emit.scalar_at = [this, path](std::int64_t round, const std::string& name,
                                              double value) {
      // a round that was stopped before its end has no row to add to
      if (metrics_.has(round)) metrics_.set(round, emitted_.owned(path, name), value);
    };
    environment.emit.array = [this, path](const std::string& name, const onager_array& value) {
      const std::string file = emitted_.owned(path, name);
      if (staged_arrays_) staged_arrays_->emplace_back(file, NpyArray::copy_of(value));
      else folder_.write_array(file, NpyArray::copy_of(value));
    };
    return environment;
  }

  const Plan& plan_;
  const RunRequest& request_;
  RunFolder folder_;
  ThreadPool threads_;
  const std::string config_, lock_;
  std::optional<FileLock> lock_file_;
  std::unique_ptr<Experiment> experiment_;
  std::vector<ComponentState> components_;
  Emitted emitted_;
  Metrics metrics_;
  std::vector<std::pair<std::string, double>> staged_;  // of the row that is not complete yet
  /// The same for arrays; none outside of a row.
  std::optional<std::vector<std::pair<std::string, NpyArray>>> staged_arrays_;
  std::vector<std::string> warnings_;
  PhaseTimes times_;
  std::int64_t from_ = 0;            // the next row has this index or a larger one
  std::atomic<std::int64_t> at_{0};  // of the row that is worked on
  std::string ended_;
  std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
  double saving_took_ = 0;  // seconds, of the last checkpoint
  double seconds_before_ = 0;
};

}  // namespace

MemoryPlan expected_memory(const Plan& plan, int threads) {
  ThreadPool pool(threads);
  const EnvironmentOf environment = [&](const std::string&) {
    Environment e;
    e.seed = plan.seed;
    e.threads = &pool;
    return e;
  };
  return make_experiment(plan, environment)->expected_memory();
}

RunOutcome run_pipeline(const Plan& plan, const RunRequest& request) {
  return Run(plan, request).go();
}

}  // namespace onager::host
