// SPDX-License-Identifier: MIT
#include "results/report_text.hpp"

#include "base/text.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <cmath>

namespace onager::host {

namespace {

/// Whether the kept round is the best by validation samples.
bool chooses(const RunRecord& run) {
  return run.summary && run.summary->validation_samples > 0 && !run.metrics.empty();
}

std::string rounds_sentence(const RunRecord& run) {
  const auto done = run.rounds_done();
  const auto planned = run.rounds_planned();
  const std::string status = run.status(), &unit = run.metrics.unit();
  std::string out = status != "finished" && planned > 0
                        ? fmt::format("{} of {} {}{}", done, planned, unit, planned == 1 ? "" : "s")
                        : fmt::format("{} {}{}", done, unit, done == 1 ? "" : "s");
  if (run.summary && run.summary->total_seconds > 0)
    out += " in " + duration(run.summary->total_seconds);
  if (status == "failed") out += ", then the run failed";
  if (status == "interrupted") out += ", then the run was interrupted";
  if (status == "unfinished") out += " so far: the run is still going on, or was killed";
  if (chooses(run))
    out +=
        fmt::format("; {} {} was kept, the best on the validation samples", unit, run.kept_round());
  return out + ".";
}

}  // namespace

std::string bare_id(const std::string& use) {
  const auto slash = use.rfind('/');
  return slash == std::string::npos ? use : use.substr(slash + 1);
}

std::string name_words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::vector<FeatureGroup> groups_for(const RunRecord& run, std::size_t rows) {
  if (!run.summary || static_cast<std::size_t>(run.summary->features) != rows) return {};
  return run.summary->feature_groups;
}

std::string run_title(const RunRecord& run) {
  if (!run.summary || run.summary->pipeline.empty()) return run.name;
  const std::string& file = run.summary->pipeline;
  const bool toml = file.size() > 5 && file.compare(file.size() - 5, 5, ".toml") == 0;
  return toml ? file.substr(0, file.size() - 5) : file;
}

std::string pipeline_words(const RunRecord& run) {
  std::string out;
  const auto add = [&](const std::string& key) {
    const std::string use = bare_id(value_of(run.settings, key + ".use"));
    if (!use.empty()) out += (out.empty() ? "" : " · ") + use;
    return !use.empty();
  };
  add("dataset");
  for (int i = 0; add(fmt::format("feature_map[{}]", i)); ++i) continue;
  add("kernel");
  add("model");
  add("optimizer");
  return out;
}

std::string round_words(const RunRecord& run, std::int64_t round) {
  const std::string& unit = run.metrics.unit();
  const bool untrained = round == 0 && run.summary && run.summary->learns;
  const char* state = unit == "round" ? " (features as given)" : " (as it starts)";
  return fmt::format("{} {}{}", unit, round, untrained ? state : "");
}

std::string result_sentence(const RunRecord& run) {
  const Metrics& metrics = run.metrics;
  const Score score = score_of(metrics);
  if (metrics.empty())
    return fmt::format("No {} was finished. {}", metrics.unit(), capital(rounds_sentence(run)));
  if (score.column.empty()) return capital(rounds_sentence(run));

  const auto rounds = metrics.rounds();
  const auto first = rounds.front(), last = rounds.back(), best = best_round(metrics, score);
  const auto value = [&](std::int64_t round) {
    return readable_metric(score.column, metrics.at(round, score.column));
  };
  const std::string what = capital(metric_words(score.column));
  const std::string as_given = round_words(run, first);
  std::string out;
  if (rounds.size() == 1) {
    out = fmt::format("{} is {}", what, value(first));
    if (as_given.back() == ')') out += " in " + as_given;
  } else if (best != first) {
    out =
        fmt::format("{} {} from {} in {} to {} in {}", what, score.more_is_better ? "rose" : "fell",
                    value(first), as_given, value(best), round_words(run, best));
    if (value(last) != value(best))
      out += fmt::format(" and is {} in the last, {}", value(last), last);
  } else if (value(last) == value(first)) {
    out = fmt::format("{} stayed at {} from {} to {}", what, value(first), as_given,
                      round_words(run, last));
  } else {
    out = fmt::format("{} was best in {}, {}, and is {} in the last, {}", what, as_given,
                      value(first), value(last), last);
  }
  return out + "; " + rounds_sentence(run);
}

}  // namespace onager::host
