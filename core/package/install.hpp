// SPDX-License-Identifier: MIT
//
// The user's plugin folder holds plugins by version: ID/VERSION/ with the library, the package's
// manifest, signature and sources, and install.json, which says where it all came from.
#pragma once

#include "package/known_keys.hpp"
#include "package/package.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// How a plugin came to its version's folder: install.json.
struct InstallRecord {
  std::string package_sha256;
  std::string library;         // the file's name
  std::string library_sha256;  // when it was installed
  bool built_here = false;     // from the package's sources
};

enum class Replace { no, yes };

struct InstallRequest {
  std::filesystem::path folder;  // user_plugin_folder()
  Replace replace = Replace::no;
  std::function<void(const std::string& line)> say;  // what it is doing
};

struct Installed {
  std::filesystem::path library;
  InstallRecord record;
  bool was_there = false;
};

/// Installs a package that was read, and whose signature was checked: its library for this machine
/// where that loads and is what the manifest says, else one built from the sources. The version's
/// folder appears whole or not at all. Throws Error(plugin) when no library can be had or the
/// version is there from another package, Error(system).
Installed install_package(const Package& package, const InstallRequest& request);

/// What install.json beside a library says; nothing for a library that was not installed so.
/// Throws Error(plugin) when it is damaged.
std::optional<InstallRecord> install_record_of(const std::filesystem::path& library);

/// A version of a plugin that is installed.
struct InstalledVersion {
  std::filesystem::path folder;
  Manifest manifest;
  std::string manifest_json;
  std::optional<Signature> signature;
  InstallRecord record;
};

/// Reads a version's folder and compares the library and the sources with what was installed.
/// Throws Error(plugin) that names what differs.
InstalledVersion verify_installed(const std::filesystem::path& folder);

}  // namespace onager::host
