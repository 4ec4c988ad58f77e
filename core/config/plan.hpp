// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/registry.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

enum class Precision { float64, float32 };

/// A place in the user's file; line 0 when the value came from a default. `file` is "--set" for an
/// override; `line` is then its number among the overrides and `text` the override itself.
struct Where {
  std::string file;
  std::uint32_t line = 0, column = 0;  // from 1; columns count characters, not bytes
  std::string text;                    // the line itself, for messages
};

struct ComponentPlan;

/// One parameter of a component, resolved: what the user wrote, or the default.
struct ParameterValue {
  const onager_parameter* parameter = nullptr;
  // The value is the default's, written or not: to_toml writes defaults out, and a plan read back
  // from it must not differ.
  bool is_default = true;
  Where where;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::string> texts;
  std::vector<ComponentPlan> children;
};

/// A component with all its parameters, in the order of its table.
struct ComponentPlan {
  const LoadedPlugin* plugin = nullptr;
  const onager_component* component = nullptr;
  std::string use;   // as the user wrote it
  std::string path;  // "kernel", "feature_map[0]", "kernel.terms[1]"
  Where where;
  std::vector<ParameterValue> values;
};

/// A whole pipeline file, validated.
struct Plan {
  std::filesystem::path file;
  std::uint64_t seed = 0;
  Precision precision = Precision::float64;
  ComponentPlan dataset;
  std::vector<ComponentPlan> feature_maps;
  ComponentPlan kernel;
  ComponentPlan optimizer;
  std::int64_t rounds = 1;
  std::vector<ComponentPlan> diagnostics;
};

/// Reads and validates a pipeline file with overrides such as "kernel.bandwidth=3",
/// "feature_map[0].power=0.5" or "dataset.operation=add". Throws Error(config) that holds every
/// error of the file, each with file:line:column, the line, a caret and the nearest valid name;
/// Error(system) when the file cannot be read.
Plan read_plan(const std::filesystem::path& file, const std::vector<std::string>& overrides,
               const Registry& registry);

/// The plan as a pipeline file: all defaults written out, paths absolute, components by qualified
/// id. Reading it gives the same plan.
std::string to_toml(const Plan& plan);

/// "FILE:14:13: message", the line and a caret under the column; "FILE: message" without a line,
/// and just the message without a file.
std::string located(const Where& where, const std::string& message);

}  // namespace onager::host
