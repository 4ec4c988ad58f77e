// SPDX-License-Identifier: MIT
#pragma once

#include "package/manifest.hpp"

#include <filesystem>
#include <string>

namespace onager::host {

/// What a library said of itself when it was loaded in another process, or why it cannot be used.
struct Probe {
  std::string fault;  // "" where it can be used; else complete, names the file
  /// id, version, abi, vendor, licence, url and components; binaries and members are empty.
  Manifest said;
  std::string build;
};

/// Loads a plugin's library in a process of its own, so that one that crashes or never returns does
/// no harm here. Throws Error(system) when there can be no such process.
Probe probe_library(const std::filesystem::path& file);

}  // namespace onager::host
