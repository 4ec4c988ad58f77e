// SPDX-License-Identifier: MIT
#include "base/error.hpp"
#include "base/layout.hpp"
#include "base/text.hpp"
#include "base/threads.hpp"
#include "cli/print_json.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "config/plan.hpp"
#include "config/sweep.hpp"
#include "pipeline/run.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace onager::host::cli {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const ComponentPlan& plan);

/// JSON has no infinities and no NaN: they become the strings that TOML writes.
Json real(double value) { return std::isfinite(value) ? Json(value) : Json(number(value)); }

Json to_json(const ParameterValue& value) {
  Json list = Json::array();
  switch (value.parameter->type) {
    case ONAGER_BOOLEAN: return value.integer != 0;
    case ONAGER_INTEGER: return value.integer;
    case ONAGER_REAL: return real(value.real);
    case ONAGER_INTEGER_LIST: return value.integers;
    case ONAGER_REAL_LIST:
      for (const double v : value.reals) list.push_back(real(v));
      return list;
    case ONAGER_STRING_LIST: return value.texts;
    case ONAGER_COMPONENT: return value.children.empty() ? Json() : to_json(value.children.front());
    case ONAGER_COMPONENT_LIST:
      for (const auto& child : value.children) list.push_back(to_json(child));
      return list;
    default: return value.text;
  }
}

Json to_json(const ComponentPlan& plan) {
  Json out;
  out["use"] = ComponentEntry{plan.plugin, plan.component}.qualified_id();
  out["version"] = plan.plugin->descriptor->version;
  Json parameters = Json::object();
  for (const auto& v : plan.values) parameters[v.parameter->name] = to_json(v);
  out["parameters"] = parameters;
  return out;
}

Json to_json(const std::vector<ComponentPlan>& plans) {
  Json out = Json::array();
  for (const auto& plan : plans) out.push_back(to_json(plan));
  return out;
}

Json to_json(const KernelLoop& loop) {
  Json out = {{"rounds", loop.rounds},
              {"validation", loop.validation},
              {"patience", loop.patience},
              {"fresh_samples", loop.fresh_samples}};
  if (!loop.start.empty()) out["start"] = loop.start;
  return out;
}

/// The tables by their names in the file.
Json to_json(const Plan& plan) {
  Json out;
  out["file"] = plan.file.string();
  out["seed"] = plan.seed;
  out["precision"] = plan.precision == Precision::float64 ? "float64" : "float32";
  if (plan.memory_limit) out["memory_limit"] = plan.memory_limit->written;
  out["dataset"] = to_json(plan.dataset);
  out["feature_map"] = to_json(plan.feature_maps);
  if (plan.is_network()) {
    out["model"] = to_json(plan.model);
    out["loss"] = to_json(plan.loss);
  } else {
    out["kernel"] = to_json(plan.kernel);
    out["loop"] = to_json(plan.kernel_loop);
  }
  out["optimizer"] = to_json(plan.optimizer);
  out["diagnostic"] = to_json(plan.diagnostics);
  return out;
}

/// The memory of a run, or why it is not known: a data file may be on another machine.
struct Memory {
  std::optional<MemoryPlan> plan;
  std::string reason;
};

/// Throws Error(config): what a component refuses is an error of the file.
Memory memory_of(const Plan& plan) {
  try {
    return {expected_memory(plan, available_threads()), ""};
  } catch (const Error& error) {
    if (error.category() == Category::config || error.category() == Category::interrupted) throw;
    return {std::nullopt, error.what()};
  }
}

Json to_json(const Memory& memory) {
  Json out;
  out["known"] = memory.plan && memory.plan->known();
  if (!memory.plan) {
    out["reason"] = memory.reason;
    return out;
  }
  const MemoryPlan& plan = *memory.plan;
  out["peak_bytes"] = static_cast<std::uint64_t>(plan.peak().bytes);
  out["peak_phase"] = plan.peak().name;
  out["limit_bytes"] = static_cast<std::uint64_t>(plan.limit);
  out["limit"] = plan.limit_source;
  out["fits"] = !plan.exceeded();
  out["unknown"] = plan.unknown;
  out["phases"] = Json::array();
  for (const auto& phase : plan.phases) {
    Json items = Json::object();
    for (const auto& item : phase.items) items[item.what] = static_cast<std::uint64_t>(item.bytes);
    out["phases"].push_back({{"phase", phase.name},
                             {"bytes", static_cast<std::uint64_t>(phase.bytes)},
                             {"items", items}});
  }
  return out;
}

/// Comments of TOML, so that the whole output is still a pipeline file.
std::string comments(const Memory& memory) {
  std::vector<std::string> lines;
  if (memory.plan) {
    lines = memory_lines(*memory.plan);
  } else {
    lines.push_back("not known:");
    std::istringstream reason(memory.reason);
    for (std::string line; std::getline(reason, line);) lines.push_back(line);
  }
  std::string out = "\n# memory\n";
  for (const auto& line : lines) out += "#   " + line + "\n";
  return out;
}

}  // namespace

int check(const Registry& registry, const std::string& file,
          const std::vector<std::string>& overrides, bool json) {
  const Plan plan = read_plan(file, overrides, registry);
  std::optional<std::size_t> points;
  if (plan.has_sweep) points = read_sweep(file, overrides, registry).points.size();
  const Memory memory = memory_of(plan);
  if (json) {
    Json out = to_json(plan);
    if (points) out["sweep"] = {{"points", *points}};
    out["memory"] = to_json(memory);
    print_json(out);
    return 0;
  }
  if (points)
    print_lines(stderr,
                fmt::format("note: {} has a [sweep] of {} points, all valid\n", file, *points));
  const std::string text = to_toml(plan) + wrapped(comments(memory), columns(stdout));
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

}  // namespace onager::host::cli
