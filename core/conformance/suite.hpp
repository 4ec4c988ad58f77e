// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/finding.hpp"
#include "plugin/registry.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace onager::host::conformance {

struct SuiteRequest {
  std::filesystem::path file;         // the library
  std::filesystem::path examples;     // a TOML file with parameters; "" for none
  std::vector<PluginPlace> places;    // where components that the examples hold are found
  std::filesystem::path save_folder;  // for the inputs of findings; made when there are any
  std::uint64_t seed = 1;
  double seconds = 30;  // a check may take
};

/// How much was tried of a component.
struct TriedComponent {
  std::string name;  // "kernel 'mine'"
  std::size_t parameter_sets = 0, checks = 0;
  std::size_t left_out = 0;  // checks that say nothing new where another failed
};

struct SuiteReport {
  std::string plugin;  // "org.example.mine 1.0.0", "" when it did not load
  std::string abi;     // "1.0"
  std::vector<TriedComponent> components;
  std::vector<Finding> findings;
  std::vector<std::string> notes;  // what could not be tried, and why
};

/// Holds a plugin against the rules, each check in a child process, so that whatever the plugin
/// does ends in a finding. A rule that a component breaks is found once, with the first parameters
/// that break it. Throws Error(config) for examples that are not valid, Error(interrupted) when the
/// user asks to stop, and Error(system).
SuiteReport run_suite(const SuiteRequest& request);

}  // namespace onager::host::conformance
