// SPDX-License-Identifier: MIT
#include "results/run_record.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> folders_beside(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(parent, error))
    if (entry.is_directory(error)) out.push_back(entry.path().filename().string());
  return out;
}

bool is_there(const fs::path& file) {
  std::error_code error;
  return fs::exists(file, error);
}

[[noreturn]] void refuse(const fs::path& given, const fs::path& folder) {
  std::error_code error;
  if (!is_there(folder))
    throw Error(Category::config,
                fmt::format("{}: there is no such folder{}", given.string(),
                            did_you_mean(folder.filename().string(), folders_beside(folder))));
  if (!fs::is_directory(folder, error))
    throw Error(Category::config, fmt::format("{}: is a file; expected the folder of a run, which "
                                              "holds config.toml and metrics.csv",
                                              given.string()));
  throw Error(Category::config,
              fmt::format("{}: is not the folder of a run: it holds neither config.toml nor "
                          "metrics.csv nor summary.json; give the folder that 'onager run' named",
                          given.string()));
}

std::string content_of(const fs::path& file) { return is_there(file) ? read_file(file) : ""; }

}  // namespace

std::string RunRecord::status() const {
  return summary ? to_string(summary->status) : "unfinished";
}

std::int64_t RunRecord::rounds_done() const {
  if (summary) return summary->rounds_done;
  const auto rounds = metrics.rounds();
  // of steps not every one has a row
  return metrics.unit() == "round" || rounds.empty() ? static_cast<std::int64_t>(rounds.size())
                                                     : rounds.back();
}

std::int64_t RunRecord::rounds_planned() const {
  if (summary) return summary->rounds_planned;
  const std::string rounds = value_of(settings, "loop.rounds");
  return rounds.empty() ? 0 : std::atoll(rounds.c_str());
}

std::int64_t RunRecord::kept_round() const {
  const auto last = metrics.rounds().at(metrics.rounds().size() - 1);
  return summary ? summary->kept_round.value_or(last) : last;
}

RunRecord read_run(const fs::path& given) {
  // "runs/a/" and "." have no file name of their own.
  fs::path folder = fs::absolute(given).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  const fs::path config = folder / "config.toml", metrics = folder / "metrics.csv",
                 summary = folder / "summary.json", lock = folder / "lock.toml";
  if (!is_there(config) && !is_there(metrics) && !is_there(summary)) refuse(given, folder);

  RunRecord out;
  out.path = folder;
  out.name = folder.filename().string();
  out.config = content_of(config);
  out.settings = flat_toml(out.config, config.string());
  out.lock = flat_toml(content_of(lock), lock.string());
  if (is_there(metrics)) out.metrics = Metrics::from_csv(read_file(metrics), metrics.string());
  if (is_there(summary)) out.summary = summary_from_json(read_file(summary), summary.string());
  std::error_code error;
  out.has_checkpoint = fs::is_directory(folder / "checkpoint", error);
  for (const auto& entry : fs::directory_iterator(folder / "arrays", error))
    if (entry.path().extension() == ".npy") out.arrays.push_back(entry.path());
  std::sort(out.arrays.begin(), out.arrays.end());
  return out;
}

Score score_of(const Metrics& metrics) {
  const auto columns = metrics.columns();
  for (const char* column : {"test_accuracy", "test_mse", "train_accuracy", "train_mse"})
    if (std::find(columns.begin(), columns.end(), column) != columns.end())
      return {column, std::string(column).find("accuracy") != std::string::npos};
  return {};
}

std::int64_t best_round(const Metrics& metrics, const Score& score) {
  const auto rounds = metrics.rounds();
  std::int64_t best = rounds.at(0);
  for (const auto round : rounds) {
    const double value = metrics.at(round, score.column);
    const double least = metrics.at(best, score.column);
    const bool better = score.more_is_better ? value > least : value < least;
    if (better || (std::isnan(least) && !std::isnan(value))) best = round;
  }
  return best;
}

}  // namespace onager::host
