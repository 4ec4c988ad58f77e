// SPDX-License-Identifier: MIT
#include "pipeline/sweep.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "base/process.hpp"
#include "pipeline/sweep_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <limits>
#include <thread>

namespace onager::host {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto pause = std::chrono::milliseconds(20);
constexpr int pauses_between_views = 10;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct Child {
  std::size_t point;
  Process process;
  Clock::time_point begin;
};

/// The last line of a log that says something.
std::string last_line(const fs::path& log) {
  std::error_code ignored;
  std::string text = fs::exists(log, ignored) ? read_file(log) : "";
  const auto end = text.find_last_not_of(" \r\n");
  if (end == std::string::npos) return "";
  text.resize(end + 1);
  return text.substr(text.find_last_of("\r\n") + 1);
}

std::string end_message(const ProcessEnd& end, const fs::path& log) {
  if (end.signal == SIGKILL)
    return "ended by signal 9 (killed): the system may have run out of memory";
  if (end.signal != 0)
    return fmt::format("ended by signal {} ({})", end.signal, ::strsignal(end.signal));
  const std::string line = last_line(log);
  return line.empty() ? fmt::format("ended with status {}", end.status) : line;
}

class SweepRun {
 public:
  SweepRun(const Sweep& sweep, const SweepRequest& request)
      : sweep_(sweep), request_(request), threads_(std::max(1, request.threads / request.jobs)) {}

  SweepOutcome go() {
    prepare_sweep_folder(request_.folder);
    const FileLock lock(request_.folder / ".lock",
                        fmt::format("another sweep is running in {}", request_.folder.string()));
    auto placed = place_sweep(sweep_, request_.folder, request_.warning);
    points_ = std::move(placed.points);
    records_ = std::move(placed.records);
    waiting_ = std::move(placed.waiting);
    exit_statuses_.assign(points_.size(), 0);
    write_sweep_beginning(sweep_.file, records_, request_.folder);
    if (request_.begun) request_.begun(state());
    while (!children_.empty() || (!waiting_.empty() && !stop_requested())) {
      start_children();
      watch();
      collect_ended();
    }
    return conclude();
  }

 private:
  void start_children() {
    while (static_cast<int>(children_.size()) < request_.jobs && !waiting_.empty() &&
           !stop_requested()) {
      const std::size_t index = waiting_.front();
      waiting_.erase(waiting_.begin());
      if (is_locked(points_[index].folder / ".lock")) leave(index);
      else start(index);
    }
  }

  /// A point that another process runs, such as a job of an array.
  void leave(std::size_t index) {
    records_[index].status = "running";
    records_[index].message = "another process is running it";
    ++left_;
    if (request_.point_ended) request_.point_ended(records_[index], state());
  }

  void start(std::size_t index) {
    const PlacedPoint& point = points_[index];
    records_[index].status = "missing";
    // that of an earlier try would otherwise be taken for this one's
    std::error_code ignored;
    fs::remove(point.folder / "summary.json", ignored);
    write_file(point.beside(".toml"), point.config);
    auto command = request_.command;
    for (const auto& argument : run_arguments(point, threads_)) command.push_back(argument);
    children_.push_back({index, Process::start(command, point.beside(".log")), Clock::now()});
  }

  void watch() {
    if (stop_requested() && !told_to_stop_) {
      for (const auto& child : children_) child.process.interrupt();
      told_to_stop_ = true;
    }
    if (request_.watched && pauses_++ % pauses_between_views == 0) request_.watched(state());
    if (!children_.empty()) std::this_thread::sleep_for(pause);
  }

  void collect_ended() {
    for (std::size_t i = 0; i < children_.size();) {
      const auto end = children_[i].process.ended();
      if (!end) {
        ++i;
        continue;
      }
      const Child child = children_[i];
      children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
      conclude_point(child, *end);
    }
  }

  void conclude_point(const Child& child, const ProcessEnd& end) {
    const PlacedPoint& point = points_[child.point];
    PointRecord& record = records_[child.point];
    const double seconds = seconds_since(child.begin);
    exit_statuses_[child.point] = end.signal != 0 ? static_cast<int>(Category::system) : end.status;
    record.summary.reset();
    record.metrics.clear();
    record.length = {};
    record.message.clear();
    record.status = "failed";
    try {
      if (fs::exists(point.folder / "summary.json")) read_point(point.folder, record);
    } catch (const Error& error) {
      record.status = "failed";
      record.message = error.what();
    }
    if (!record.summary) {
      if (record.message.empty()) record.message = end_message(end, point.beside(".log"));
      record.summary.emplace();
      record.summary->total_seconds = seconds;
      record.summary->peak_memory = end.peak_memory;
    }
    if (record.status == "finished" && end.status != 0) record.status = "failed";
    if (record.status != "failed") {
      std::error_code ignored;
      for (const char* extension : {".toml", ".log"}) fs::remove(point.beside(extension), ignored);
    }
    ++ended_;
    seconds_of_ended_ += seconds;
    write_table();
    if (request_.point_ended) request_.point_ended(record, state());
  }

  SweepState state() const {
    SweepState out;
    out.points = points_.size();
    out.waiting = waiting_.size();
    out.elsewhere = left_;
    double elapsed = 0;
    for (const auto& child : children_) {
      const double seconds = seconds_since(child.begin);
      elapsed += seconds;
      out.running.push_back(
          {records_[child.point].name, seconds, last_line(points_[child.point].beside(".log"))});
    }
    for (const auto& record : records_) {
      if (record.status == "finished") ++out.finished;
      if (record.status == "failed") ++out.failed;
    }
    // failures of an earlier sweep, to be tried again
    for (const auto index : waiting_)
      if (records_[index].status == "failed") --out.failed;
    out.seconds_left = std::numeric_limits<double>::quiet_NaN();
    if (ended_ > 0) {
      const double mean = seconds_of_ended_ / static_cast<double>(ended_);
      const auto left = static_cast<double>(waiting_.size() + children_.size());
      out.seconds_left = std::max(0.0, mean * left - elapsed) / request_.jobs;
    }
    return out;
  }

  void write_table() const {
    write_file(request_.folder / "sweep.csv", to_csv(sweep_table(records_)));
  }

  SweepOutcome conclude() {
    SweepOutcome out;
    for (std::size_t i = 0; i < records_.size() && out.exit_status == 0; ++i)
      if (records_[i].status != "finished")
        out.exit_status =
            exit_statuses_[i] != 0 ? exit_statuses_[i] : static_cast<int>(Category::system);
    if (stop_requested()) out.exit_status = static_cast<int>(Category::interrupted);
    out.results = sweep_results(sweep_.file, std::move(records_));
    write_sweep_results(sweep_.file, out.results, request_.folder, request_.warning);
    return out;
  }

  const Sweep& sweep_;
  const SweepRequest& request_;
  const int threads_;  // of a point; the same for all, so that its numbers are too
  std::vector<PlacedPoint> points_;
  std::vector<PointRecord> records_;
  std::vector<int> exit_statuses_;
  std::vector<std::size_t> waiting_;
  std::vector<Child> children_;
  std::size_t ended_ = 0, left_ = 0;
  double seconds_of_ended_ = 0;
  int pauses_ = 0;
  bool told_to_stop_ = false;
};

}  // namespace

SweepOutcome run_sweep(const Sweep& sweep, const SweepRequest& request) {
  return SweepRun(sweep, request).go();
}

}  // namespace onager::host
