// SPDX-License-Identifier: MIT
#include "package/manifest.hpp"

#include "base/characters.hpp"
#include "base/error.hpp"
#include "package/archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace onager::host {

namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;
constexpr std::size_t longest_text = 4096;

bool only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view lower_hexadecimal = "0123456789abcdef";
constexpr std::string_view digits = "0123456789";

/// A reversed domain name, as the host demands of a plugin's id.
bool is_plugin_id(std::string_view id) {
  return path_fault(id).empty() && id.find_first_of("/+=") == std::string_view::npos &&
         id.find('.') != std::string_view::npos && id.front() != '.' && id.back() != '.' &&
         id.find("..") == std::string_view::npos;
}

bool is_abi(std::string_view abi) {
  const auto dot = abi.find('.');
  return abi.size() < 20 && dot != std::string_view::npos && dot > 0 && dot + 1 < abi.size() &&
         only(abi.substr(0, dot), digits) && only(abi.substr(dot + 1), digits);
}

/// Takes a manifest apart, with the place in every message.
class Reader {
 public:
  explicit Reader(const std::string& name) : name_(name) {}

  Manifest read(std::string_view text) const {
    Json json;
    try {
      json = Json::parse(text);
    } catch (const Json::exception& error) {
      fail(fmt::format("is not JSON: {}", printable(error.what())));
    }
    if (number(json, "format") != format_version)
      fail(fmt::format("has format {}, and this Onager reads format {}; a newer Onager may read it",
                       number(json, "format"), format_version));
    Manifest out;
    out.id = filled(json, "id");
    out.version = filled(json, "version");
    out.abi = filled(json, "abi");
    out.vendor = text_of(json, "vendor");
    out.licence = text_of(json, "licence");
    out.url = text_of(json, "url");
    for (const auto& one : list(json, "components"))
      out.components.push_back({filled(one, "kind"), filled(one, "id"), text_of(one, "summary"),
                                text_of(one, "citation")});
    for (const auto& one : list(json, "binaries")) out.binaries.push_back(binary(one));
    for (const auto& one : list(json, "members"))
      out.members.push_back({filled(one, "path"), number(one, "size"), filled(one, "sha256")});
    check(out);
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Category::plugin, fmt::format("{}: its {} {}", name_, manifest_path, what));
  }

  const Json& field(const Json& in, const char* key) const {
    const auto found = in.is_object() ? in.find(key) : in.end();
    if (!in.is_object() || found == in.end()) fail(fmt::format("has no '{}'", key));
    return *found;
  }
  const Json& list(const Json& in, const char* key) const {
    const Json& found = field(in, key);
    if (!found.is_array()) fail(fmt::format("has a '{}' that is no list", key));
    return found;
  }
  std::uint64_t number(const Json& in, const char* key) const {
    const Json& found = field(in, key);
    if (!found.is_number_unsigned()) fail(fmt::format("has a '{}' that is no whole number", key));
    return found.get<std::uint64_t>();
  }
  std::string text_of(const Json& in, const char* key) const {
    const Json& found = field(in, key);
    if (!found.is_string()) fail(fmt::format("has a '{}' that is no text", key));
    const auto text = found.get<std::string>();
    if (text.size() > longest_text) fail(fmt::format("has a '{}' that is too long", key));
    return text;
  }
  std::string filled(const Json& in, const char* key) const {
    const std::string text = text_of(in, key);
    if (text.empty()) fail(fmt::format("has an empty '{}'", key));
    return text;
  }

  PackedBinary binary(const Json& in) const {
    PackedBinary out;
    out.path = filled(in, "path");
    out.machine = filled(in, "machine");
    const Json& needs = field(in, "needs");
    out.glibc = text_of(needs, "glibc");
    out.libstdcxx = text_of(needs, "libstdcxx");
    out.cxxabi = text_of(needs, "cxxabi");
    for (const auto& library : list(needs, "libraries")) {
      if (!library.is_string()) fail("has a 'libraries' that is no list of texts");
      out.libraries.push_back(library.get<std::string>());
    }
    out.build = text_of(in, "build");
    return out;
  }

  void check(const Manifest& manifest) const {
    if (!is_plugin_id(manifest.id))
      fail(
          fmt::format("has the id '{}', which is no reversed domain name such as "
                      "org.example.kernels",
                      printable(manifest.id)));
    if (const auto fault = version_fault(manifest.version); !fault.empty())
      fail(fmt::format("has the version '{}', which {}", printable(manifest.version), fault));
    if (!is_abi(manifest.abi))
      fail(fmt::format("has the abi '{}', which is none such as 1.0", printable(manifest.abi)));
    if (manifest.components.empty()) fail("lists no components");
    if (manifest.binaries.empty()) fail("lists no binaries");
    check_members(manifest);
  }

  void check_members(const Manifest& manifest) const {
    std::set<std::string> paths, binaries;
    for (const auto& member : manifest.members) {
      if (const auto fault = path_fault(member.path); !fault.empty())
        fail(fmt::format("lists '{}', whose path {}", printable(member.path), fault));
      const auto in = [&](std::string_view folder) {
        return member.path.compare(0, folder.size(), folder) == 0;
      };
      if (!in(sources_folder) && !in(binaries_folder))
        fail(fmt::format("lists '{}', which is neither in {} nor in {}", member.path,
                         sources_folder, binaries_folder));
      if (member.sha256.size() != 64 || !only(member.sha256, lower_hexadecimal))
        fail(fmt::format("has no SHA-256 for '{}'", member.path));
      if (!paths.insert(member.path).second) fail(fmt::format("lists '{}' twice", member.path));
    }
    for (const auto& one : manifest.binaries) {
      const std::string_view path = one.path;
      if (path.substr(0, std::string_view(binaries_folder).size()) != binaries_folder ||
          path.size() < 3 || path.substr(path.size() - 3) != ".so" || paths.count(one.path) == 0)
        fail(fmt::format("names the binary '{}', which is no member {}MACHINE/FILE.so",
                         printable(one.path), binaries_folder));
      if (!binaries.insert(one.path).second)
        fail(fmt::format("names the binary '{}' twice", one.path));
    }
  }

  const std::string& name_;
};

}  // namespace

std::string version_fault(std::string_view version) {
  if (version.empty()) return "is empty";
  if (version.size() > 64) return "is longer than 64 characters";
  const auto fault = path_fault(version);
  if (!fault.empty() || version.find_first_of("/=") != std::string_view::npos)
    return "has a character other than letters, digits and . _ - +";
  return version.front() == '.' ? "begins with a dot" : "";
}

std::string to_json(const Manifest& manifest) {
  Json components = Json::array(), binaries = Json::array(), members = Json::array();
  for (const auto& one : manifest.components)
    components.push_back(
        {{"kind", one.kind}, {"id", one.id}, {"summary", one.summary}, {"citation", one.citation}});
  for (const auto& one : manifest.binaries)
    binaries.push_back({{"path", one.path},
                        {"machine", one.machine},
                        {"needs",
                         {{"glibc", one.glibc},
                          {"libstdcxx", one.libstdcxx},
                          {"cxxabi", one.cxxabi},
                          {"libraries", one.libraries}}},
                        {"build", one.build}});
  for (const auto& one : manifest.members)
    members.push_back({{"path", one.path}, {"size", one.size}, {"sha256", one.sha256}});
  const Json json = {{"format", format_version},    {"id", manifest.id},
                     {"version", manifest.version}, {"abi", manifest.abi},
                     {"vendor", manifest.vendor},   {"licence", manifest.licence},
                     {"url", manifest.url},         {"components", components},
                     {"binaries", binaries},        {"members", members}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Manifest manifest_from_json(std::string_view text, const std::string& name) {
  return Reader(name).read(text);
}

}  // namespace onager::host
