// SPDX-License-Identifier: MIT
#include "package/package.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace onager::host {

namespace {

constexpr std::size_t largest_manifest = std::size_t{4} << 20;
constexpr std::size_t largest_signature = 4096;
constexpr std::uintmax_t largest_file = std::uintmax_t{256} << 20;

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  throw Error(Category::plugin, fmt::format("{}: {}", name, what));
}

/// Puts the members into the manifest's order, each compared with what the manifest says of it.
std::vector<Member> compared(std::vector<Member> found, const Manifest& manifest,
                             const std::string& name) {
  std::map<std::string, Member*> by_path;
  for (auto& member : found) by_path.emplace(member.path, &member);
  std::vector<Member> out;
  for (const auto& listed : manifest.members) {
    const auto at = by_path.find(listed.path);
    if (at == by_path.end())
      fail(name, fmt::format("lacks '{}', which its manifest lists", listed.path));
    Member& member = *at->second;
    const std::string hash = sha256(member.content);
    if (member.content.size() != listed.size || hash != listed.sha256)
      fail(name, fmt::format("'{}' is not what the manifest says: its SHA-256 is {}, and {} was "
                             "expected; the package was changed or damaged",
                             listed.path, hash, listed.sha256));
    out.push_back(std::move(member));
    by_path.erase(at);
  }
  if (!by_path.empty())
    fail(name, fmt::format("holds '{}', which its manifest does not list; the package was changed",
                           by_path.begin()->first));
  return out;
}

}  // namespace

const Member* Package::find(std::string_view path) const {
  const auto at = std::find_if(members.begin(), members.end(),
                               [&](const Member& member) { return member.path == path; });
  return at == members.end() ? nullptr : &*at;
}

std::string package_file_name(const Manifest& manifest) {
  return fmt::format("{}-{}.onager.tar.gz", manifest.id, manifest.version);
}

std::string write_package(const Manifest& manifest, const std::vector<Member>& members,
                          const std::optional<SecretKey>& key) {
  std::vector<Member> all = {{manifest_path, to_json(manifest)}};
  if (key)
    all.push_back({signature_path, sign(all.front().content, *key,
                                        fmt::format("Onager package {}", manifest.name()))});
  all.insert(all.end(), members.begin(), members.end());
  return write_archive(all);
}

Package read_package(std::string_view bytes, const std::string& name) {
  Package out;
  out.sha256 = sha256(bytes);
  auto members = read_archive(bytes, name);
  if (members.front().path != manifest_path)
    fail(name, fmt::format("begins with '{}', where {} was expected; it is no Onager package",
                           members.front().path, manifest_path));
  out.manifest_json = std::move(members.front().content);
  if (out.manifest_json.size() > largest_manifest)
    fail(name, fmt::format("has a {} of more than {}", manifest_path,
                           onager::host::bytes(static_cast<double>(largest_manifest))));
  out.manifest = manifest_from_json(out.manifest_json, name);
  members.erase(members.begin());
  if (!members.empty() && members.front().path == signature_path) {
    out.signature_file = std::move(members.front().content);
    if (out.signature_file.size() > largest_signature)
      fail(name, fmt::format("has a {} that is too long", signature_path));
    out.signature = read_signature(out.signature_file, name);
    members.erase(members.begin());
  }
  out.members = compared(std::move(members), out.manifest, name);
  return out;
}

Package read_package_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (!error && size > largest_file)
    fail(file.string(),
         fmt::format("has {}, and the most for a package is {}", bytes(static_cast<double>(size)),
                     bytes(static_cast<double>(largest_file))));
  return read_package(read_file(file), file.string());
}

}  // namespace onager::host
