// SPDX-License-Identifier: MIT
#include "results/summary.hpp"

#include "base/error.hpp"
#include "results/verdicts_json.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace onager::host {

namespace {

using Json = nlohmann::ordered_json;

template <class T>
void read(const Json& from, const char* key, T& to) {
  const auto found = from.find(key);
  if (found != from.end() && !found->is_null()) to = found->get<T>();
}

double real(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

Json known(std::uint64_t bytes) { return bytes == 0 ? Json() : Json(bytes); }

Json to_json(const Machine& machine) {
  return {{"onager", machine.onager_version},
          {"abi", machine.abi_version},
          {"compiler", machine.compiler},
          {"blas", machine.blas},
          {"cpu", machine.cpu},
          {"host", machine.host},
          {"system", machine.system},
          {"threads", machine.threads}};
}

Machine machine_from(const Json& json) {
  Machine out;
  read(json, "onager", out.onager_version);
  read(json, "abi", out.abi_version);
  read(json, "compiler", out.compiler);
  read(json, "blas", out.blas);
  read(json, "cpu", out.cpu);
  read(json, "host", out.host);
  read(json, "system", out.system);
  read(json, "threads", out.threads);
  return out;
}

RunStatus status_from(const std::string& name) {
  for (const auto status : {RunStatus::finished, RunStatus::failed, RunStatus::interrupted})
    if (name == to_string(status)) return status;
  throw Error(Category::config,
              fmt::format("status '{}'; expected finished, failed or interrupted", name));
}

Summary summary_from(const Json& json) {
  Summary out;
  out.status = status_from(json.at("status").get<std::string>());
  read(json, "message", out.message);
  read(json, "ended", out.ended);
  read(json, "pipeline", out.pipeline);
  read(json, "seed", out.seed);
  read(json, "precision", out.precision);
  read(json, "task", out.task);
  read(json, "learns", out.learns);
  read(json, "rounds_done", out.rounds_done);
  read(json, "rounds_planned", out.rounds_planned);
  if (const auto kept = json.find("kept_round"); kept != json.end() && !kept->is_null())
    out.kept_round = kept->get<std::int64_t>();
  read(json, "train_samples", out.train_samples);
  read(json, "validation_samples", out.validation_samples);
  read(json, "test_samples", out.test_samples);
  read(json, "features", out.features);
  read(json, "outputs", out.outputs);
  read(json, "parameters", out.parameters);
  read(json, "warnings", out.warnings);
  read(json, "peak_memory_bytes", out.peak_memory);
  read(json, "planned_memory_bytes", out.planned_memory);
  read(json, "memory_limit_bytes", out.memory_limit);
  if (json.contains("feature_groups"))
    for (const auto& group : json["feature_groups"]) {
      out.feature_groups.emplace_back();
      read(group, "name", out.feature_groups.back().name);
      read(group, "first", out.feature_groups.back().first);
      read(group, "count", out.feature_groups.back().count);
    }
  if (json.contains("seconds")) {
    const Json& seconds = json["seconds"];
    if (seconds.contains("total")) out.total_seconds = real(seconds["total"]);
    if (seconds.contains("by_phase"))
      for (const auto& phase : seconds["by_phase"].items())
        out.seconds.emplace_back(phase.key(), real(phase.value()));
  }
  if (json.contains("expectations")) out.expectations = verdicts_from_json(json["expectations"]);
  if (json.contains("machine")) out.machine = machine_from(json["machine"]);
  return out;
}

}  // namespace

const char* to_string(RunStatus status) {
  switch (status) {
    case RunStatus::finished: return "finished";
    case RunStatus::interrupted: return "interrupted";
    default: return "failed";
  }
}

std::string to_json(const Summary& summary, const Metrics& metrics) {
  Json result = Json::object(), kept;
  if (!metrics.empty()) {
    const auto round = summary.kept_round.value_or(metrics.rounds().back());
    for (const auto& column : metrics.columns())
      if (column != "seconds") result[column] = metrics.at(round, column);
    kept = round;
  }
  Json groups = Json::array();
  for (const auto& group : summary.feature_groups)
    groups.push_back({{"name", group.name}, {"first", group.first}, {"count", group.count}});
  Json phases = Json::object();
  for (const auto& [phase, seconds] : summary.seconds) phases[phase] = seconds;

  const Json out = {{"status", to_string(summary.status)},
                    {"message", summary.message},
                    {"ended", summary.ended},
                    {"pipeline", summary.pipeline},
                    {"seed", summary.seed},
                    {"precision", summary.precision},
                    {"task", summary.task},
                    {"learns", summary.learns},
                    {"rounds_done", summary.rounds_done},
                    {"rounds_planned", summary.rounds_planned},
                    {"kept_round", kept},
                    {"metrics", result},
                    {"expectations", verdicts_json(summary.expectations)},
                    {"train_samples", summary.train_samples},
                    {"validation_samples", summary.validation_samples},
                    {"test_samples", summary.test_samples},
                    {"features", summary.features},
                    {"outputs", summary.outputs},
                    {"parameters", summary.parameters},
                    {"feature_groups", groups},
                    {"warnings", summary.warnings},
                    {"seconds", {{"total", summary.total_seconds}, {"by_phase", phases}}},
                    {"peak_memory_bytes", summary.peak_memory},
                    {"planned_memory_bytes", known(summary.planned_memory)},
                    {"memory_limit_bytes", known(summary.memory_limit)},
                    {"machine", to_json(summary.machine)}};
  // A message may quote a user's file in any encoding.
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Summary summary_from_json(const std::string& text, const std::string& file) {
  try {
    return summary_from(Json::parse(text));
  } catch (const std::exception& error) {
    throw Error(Category::config,
                fmt::format("{}: is not a run's summary: {}", file, error.what()));
  }
}

}  // namespace onager::host
