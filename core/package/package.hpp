// SPDX-License-Identifier: MIT
//
// A package is one file, ID-VERSION.onager.tar.gz: a plugin's manifest, its signature if there is
// one, its sources, and its libraries for one or more kinds of machine.
#pragma once

#include "package/archive.hpp"
#include "package/manifest.hpp"
#include "package/signature.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// A package as it was read. Everything in it is as its manifest says; who signed it, and whether
/// the signature holds, is for check_signature.
struct Package {
  std::string sha256;  // of the file
  std::string manifest_json;
  Manifest manifest;
  std::string signature_file;  // "" where it is not signed
  std::optional<Signature> signature;
  std::vector<Member> members;  // in the manifest's order

  const Member* find(std::string_view path) const;
};

/// "org.example.cauchy-1.0.0.onager.tar.gz"
std::string package_file_name(const Manifest& manifest);

/// The package's bytes. `members` are those of the manifest, in its order. The same arguments give
/// the same bytes.
std::string write_package(const Manifest& manifest, const std::vector<Member>& members,
                          const std::optional<SecretKey>& key);

/// Reads a package and compares every member with the manifest: none is missing, changed or beyond
/// it. Nothing is written to disk or run. Throws Error(plugin) that begins with `name`.
Package read_package(std::string_view bytes, const std::string& name);

/// Reads a package file, which may be large only within limits. Throws Error(system) when it cannot
/// be read, Error(plugin) when it is too large or as read_package does.
Package read_package_file(const std::filesystem::path& file);

}  // namespace onager::host
