// SPDX-License-Identifier: MIT
#pragma once

#include "config/expectations.hpp"
#include "config/figures.hpp"
#include "config/kernel_loop.hpp"
#include "config/memory_limit.hpp"
#include "config/network_loop.hpp"
#include "plugin/component_plan.hpp"
#include "plugin/registry.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

enum class Precision { float64, float32 };

/// A whole pipeline file, validated.
struct Plan {
  std::filesystem::path file;
  std::uint64_t seed = 0;
  Precision precision = Precision::float64;
  std::optional<MemoryLimit> memory_limit;
  ComponentPlan dataset;
  std::vector<ComponentPlan> feature_maps;
  ComponentPlan kernel;  // of a kernel machine; without a component in a network pipeline
  ComponentPlan model;   // of a network, with its loss; without a component in a kernel machine
  ComponentPlan loss;
  ComponentPlan optimizer;
  KernelLoop kernel_loop;    // of a kernel machine
  NetworkLoop network_loop;  // of a network
  std::vector<ComponentPlan> diagnostics;
  bool is_network() const { return model.component != nullptr; }
  bool has_sweep = false;  // the file has a [sweep] too; this plan is the file without it
  /// What is drawn of the run and expected of it; of a file with a [sweep] neither, because there
  /// they are the sweep's.
  std::vector<Figure> figures;
  std::vector<Expectation> expectations;
};

/// Reads and validates a pipeline file with overrides such as "kernel.bandwidth=3",
/// "feature_map[0].power=0.5" or "dataset.operation=add". Throws Error(config) that holds every
/// error of the file, each with file:line:column, the line, a caret and the nearest valid name;
/// Error(system) when the file cannot be read.
Plan read_plan(const std::filesystem::path& file, const std::vector<std::string>& overrides,
               const Registry& registry);

/// The plan as a pipeline file: all defaults written out, paths absolute, components by qualified
/// id. Reading it gives the same plan. Figures and expectations come last.
std::string to_toml(const Plan& plan);

/// The part of to_toml() that decides what is computed: all but figures, expectations, and which
/// process a component lives in.
std::string computation_of(const std::string& config);

/// The value of a parameter as it stands in a pipeline file: "2.5", "[1, 2]", "{ use = .. }".
std::string to_toml(const ParameterValue& value);

}  // namespace onager::host
