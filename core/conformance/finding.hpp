// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host::conformance {

/// A rule that was broken.
struct Finding {
  std::string rule;        // the id of one of rules()
  std::string component;   // "kernel 'mine'", "" for the plugin as a whole
  std::string parameters;  // those that are not the defaults, as TOML: "bandwidth = 2.0"
  std::string what;        // what was seen, with the numbers
  std::vector<std::filesystem::path> inputs;  // .npy files of what the plugin was given
};

}  // namespace onager::host::conformance
