// SPDX-License-Identifier: MIT
#pragma once

#include "package/package.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

struct PackRequest {
  std::filesystem::path folder;                 // of the sources
  std::vector<std::filesystem::path> binaries;  // none: one is built from the sources
  std::optional<SecretKey> key;
};

struct Packed {
  Manifest manifest;
  std::string bytes;                  // of the package's file
  std::vector<std::string> left_out;  // of the folder, relative to it
  std::vector<std::string> warnings;
};

/// Makes a package of a plugin's folder. All files go in but those that are made or private: names
/// that begin with a dot, CMake's build folders, run folders, what a compiler wrote, packages.
///
/// The manifest is what a library says when it is loaded, so at least one of the binaries must load
/// on this machine; those for other machines are taken as they are. Equal folders and binaries give
/// equal bytes. Throws Error(config) for a folder that cannot be packed (a link, a secret key, a
/// name that is not portable), Error(plugin) for a library that cannot be used.
Packed pack(const PackRequest& request);

}  // namespace onager::host
