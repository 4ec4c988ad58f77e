// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/registry.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// The libraries to load of a folder, in order.
struct FoundPlugins {
  std::vector<std::filesystem::path> files;
  std::string fault;  // why the folder could not be read to its end, complete; else ""
};

/// Of a folder's *.so, and of its folders ID/VERSION, one version of each: installed versions that
/// are pinned come first, then the *.so, then the newest versions of plugins that are not pinned or
/// whose pinned version is not there.
FoundPlugins find_plugins(const std::filesystem::path& folder, const std::vector<PluginPin>& pins);

/// A library in a folder ID/VERSION.
struct InstalledLibrary {
  std::string id, version;
  std::filesystem::path file;
};

/// All of a folder, by id and then from the oldest version to the newest.
std::vector<InstalledLibrary> installed_libraries(const std::filesystem::path& folder);

}  // namespace onager::host
