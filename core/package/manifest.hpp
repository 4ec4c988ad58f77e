// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// The first member of every package.
inline constexpr const char* manifest_path = "manifest.json";
/// The second one, where the package is signed: minisign's signature of the manifest.
inline constexpr const char* signature_path = "manifest.json.minisig";
/// Where the other members are.
inline constexpr const char* sources_folder = "sources/";
inline constexpr const char* binaries_folder = "binaries/";

struct PackedComponent {
  std::string kind, id, summary, citation;
};

/// A library for one kind of machine, and what it needs there.
struct PackedBinary {
  std::string path;  // binaries/MACHINE/FILE.so
  std::string machine;
  std::string glibc, libstdcxx, cxxabi;  // as in ElfNeeds
  std::vector<std::string> libraries;
  std::string build;  // compiler, as the plugin says
};

/// A member of the package other than manifest and signature.
struct PackedMember {
  std::string path;
  std::uint64_t size = 0;
  std::string sha256;
};

/// What a package says of itself. The hashes of the members make a signature of the manifest one of
/// the whole package.
struct Manifest {
  std::string id, version, abi;  // abi: the least that a host must speak, "1.0"
  std::string vendor, licence, url;
  std::vector<PackedComponent> components;
  std::vector<PackedBinary> binaries;
  std::vector<PackedMember> members;

  /// "org.example.cauchy 1.0.0"
  std::string name() const { return id + " " + version; }
};

std::string to_json(const Manifest& manifest);

/// Reads a manifest. Throws Error(plugin) that begins with `name` when anything is missing, of the
/// wrong type, not well-formed or not consistent: ids, version, paths, hashes, a member twice, a
/// binary that is no member.
Manifest manifest_from_json(std::string_view text, const std::string& name);

/// Why a text cannot be a plugin's version in a package, where it names a folder; or "".
std::string version_fault(std::string_view version);

}  // namespace onager::host
