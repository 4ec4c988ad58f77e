// SPDX-License-Identifier: MIT
#pragma once

#include <onager/abi.h>

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// A library that was loaded and checked. It stays loaded to the end.
struct Library {
  const onager_plugin* descriptor = nullptr;
  std::vector<std::string> warnings;  // complete messages: it works, but something is odd about it
};

/// Loads a plugin library (immediate binding, local scope, never unloaded), calls its entry and
/// checks the descriptor. Throws Error(plugin) with a message that names the file, what is wrong,
/// what was expected, and what to do. The floating-point environment is as before.
Library load_library(const std::filesystem::path& file);

/// Checks everything a descriptor points to before the host uses it: pointers readable, functions
/// executable, sizes and counts sane, ids and names well-formed and unique, parameter tables
/// consistent (default inside its range and among its choices). Throws Error(plugin).
void check_descriptor(const onager_plugin* descriptor, const std::string& file);

}  // namespace onager::host
