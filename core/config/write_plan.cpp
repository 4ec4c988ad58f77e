// SPDX-License-Identifier: MIT
#include "base/text.hpp"
#include "config/isolation.hpp"
#include "config/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

/// Always with the plugin's id: the bare id may mean another component where other plugins are
/// installed.
std::string qualified_id(const ComponentPlan& plan) {
  return toml_string(ComponentEntry{plan.plugin, plan.component}.qualified_id());
}

/// Whether the key is left out: it stands for "not given", and has no other value that says so.
bool is_unset(const ParameterValue& value) {
  switch (value.parameter->type) {
    case ONAGER_PATH: return value.is_default && value.text.empty();
    case ONAGER_COMPONENT:
    case ONAGER_COMPONENT_LIST: return value.children.empty();
    default: return false;
  }
}

template <class Elements, class Format>
std::string list(const Elements& elements, Format&& format) {
  std::string out = "[";
  for (const auto& e : elements) out += (out.size() > 1 ? ", " : "") + format(e);
  return out + "]";
}

std::string inline_table(const ComponentPlan& plan) {
  std::string out = "{ use = " + qualified_id(plan);
  for (const auto& v : plan.values)
    if (!is_unset(v)) out += fmt::format(", {} = {}", v.parameter->name, to_toml(v));
  return out + " }";
}

std::string table(const std::string& header, const ComponentPlan& plan) {
  std::string out = fmt::format("\n{}\nuse = {}\n", header, qualified_id(plan));
  if (plan.every != 1) out += fmt::format("every = {}\n", plan.every);
  out += to_toml(plan.isolation);
  for (const auto& v : plan.values)
    if (!is_unset(v)) out += fmt::format("{} = {}\n", v.parameter->name, to_toml(v));
  return out;
}

}  // namespace

std::string to_toml(const ParameterValue& value) {
  switch (value.parameter->type) {
    case ONAGER_BOOLEAN: return value.integer != 0 ? "true" : "false";
    case ONAGER_INTEGER: return std::to_string(value.integer);
    case ONAGER_REAL: return toml_float(value.real);
    case ONAGER_INTEGER_LIST:
      return list(value.integers, [](std::int64_t i) { return std::to_string(i); });
    case ONAGER_REAL_LIST: return list(value.reals, toml_float);
    case ONAGER_STRING_LIST: return list(value.texts, toml_string);
    case ONAGER_EXPRESSION: return toml_expression(value.text);
    case ONAGER_COMPONENT: return inline_table(value.children.front());
    case ONAGER_COMPONENT_LIST: return list(value.children, inline_table);
    default: return toml_string(value.text);
  }
}

std::string to_toml(const Plan& plan) {
  std::string out = fmt::format("seed = {}\nprecision = \"{}\"\n", plan.seed,
                                plan.precision == Precision::float64 ? "float64" : "float32");
  if (plan.memory_limit) out += fmt::format("memory_limit = {}\n", plan.memory_limit->written);
  out += table("[dataset]", plan.dataset);
  for (const auto& map : plan.feature_maps) out += table("[[feature_map]]", map);
  if (plan.is_network()) {
    out += table("[model]", plan.model);
    out += table("[loss]", plan.loss);
  } else {
    out += table("[kernel]", plan.kernel);
  }
  out += table("[optimizer]", plan.optimizer);
  out += "\n[loop]\n";
  out += plan.is_network() ? to_toml(plan.network_loop) : to_toml(plan.kernel_loop);
  for (const auto& diagnostic : plan.diagnostics) out += table("[[diagnostic]]", diagnostic);
  for (const auto& figure : plan.figures) out += "\n" + to_toml(figure);
  for (const auto& expectation : plan.expectations) out += "\n" + to_toml(expectation);
  return out;
}

std::string computation_of(const std::string& config) {
  // No text of the file holds a line break: toml_string() writes it as an escape.
  return without_isolation(
      config.substr(0, std::min(config.find("\n[[figure]]\n"), config.find("\n[[expect]]\n"))));
}

}  // namespace onager::host
