// SPDX-License-Identifier: MIT
#include "package/pack.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "package/build.hpp"
#include "package/elf_needs.hpp"
#include "package/probe.hpp"
#include "package/scratch_folder.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

bool is_made_folder(const fs::path& folder) {
  const auto has = [&](const char* name) { return fs::exists(folder / name); };
  return has("CMakeCache.txt") || (has("config.toml") && has("lock.toml")) ||
         folder.filename() == "runs" || folder.filename() == "__pycache__";
}

/// Object files, libraries, programs and archives of them by content; packages by name.
bool is_made_file(std::string_view path, std::string_view content) {
  constexpr std::string_view package = ".onager.tar.gz";
  return begins(content, ELFMAG) || begins(content, "!<arch>") ||
         (path.size() >= package.size() && path.substr(path.size() - package.size()) == package);
}

class Sources {
 public:
  explicit Sources(const fs::path& folder) : folder_(folder) {
    if (!fs::is_directory(folder))
      throw Error(Category::system, fmt::format("{}: is no folder", folder.string()));
    collect(folder);
    std::sort(members_.begin(), members_.end(),
              [](const Member& a, const Member& b) { return a.path < b.path; });
    std::sort(left_out_.begin(), left_out_.end());
    if (members_.empty()) fail("holds no sources");
  }

  const std::vector<Member>& members() const { return members_; }
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Category::config, fmt::format("{}: {}", folder_.string(), what));
  }

  void collect(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string path = entry.path().lexically_relative(folder_).generic_string();
      if (begins(entry.path().filename().string(), ".")) {
        left_out_.push_back(path);
      } else if (entry.is_symlink()) {
        fail(fmt::format("'{}' is a link; a package holds plain files", path));
      } else if (entry.is_directory()) {
        if (is_made_folder(entry.path())) left_out_.push_back(path + "/");
        else collect(entry.path());
      } else if (!entry.is_regular_file()) {
        fail(fmt::format("'{}' is no plain file", path));
      } else {
        add(path, read_file(entry.path()));
      }
    }
  }

  void add(const std::string& path, std::string content) {
    if (is_made_file(path, content)) {
      left_out_.push_back(path);
      return;
    }
    if (const auto fault = path_fault(sources_folder + path); !fault.empty())
      fail(fmt::format("'{}' {}; rename it", path, fault));
    if (content.find("secret key") < 200 && begins(content, "untrusted comment:"))
      fail(fmt::format("'{}' is a secret key; keep it elsewhere", path));
    size_ += content.size();
    if (size_ > ArchiveLimits().bytes)
      fail(fmt::format("holds more than {}; a package is for sources, not for data",
                       bytes(static_cast<double>(ArchiveLimits().bytes))));
    members_.push_back({sources_folder + path, std::move(content)});
  }

  const fs::path& folder_;
  std::vector<Member> members_;
  std::vector<std::string> left_out_;
  std::uint64_t size_ = 0;
};

/// Builds the sources as they will be unpacked elsewhere, so that what is left out is not used.
Member built_binary(const Sources& sources, const ScratchFolder& scratch) {
  for (const auto& member : sources.members()) {
    const auto file = scratch.path() / member.path;
    make_folder(file.parent_path());
    write_file(file, member.content);
  }
  const auto library = build_plugin(scratch.path() / sources_folder, scratch.path() / "build");
  return {library.filename().string(), read_file(library)};
}

bool equal_components(const std::vector<PackedComponent>& a,
                      const std::vector<PackedComponent>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.kind == y.kind && x.id == y.id; });
}

/// The manifest as the binaries that load here say it, which must all say the same.
class Binaries {
 public:
  explicit Binaries(const ScratchFolder& scratch) : scratch_(scratch) {}

  /// `file` is what messages call it.
  void add(const std::string& file, Member library) {
    const ElfNeeds needs = read_elf_needs(library.content, file);
    if (!needs.is_plugin)
      throw Error(Category::plugin,
                  fmt::format("{}: exports no onager_plugin_entry, so it is no plugin", file));
    PackedBinary binary{fmt::format("{}{}/{}", binaries_folder, needs.machine, library.path),
                        needs.machine,
                        needs.glibc,
                        needs.libstdcxx,
                        needs.cxxabi,
                        needs.libraries,
                        ""};
    if (!paths_.insert(binary.path).second)
      throw Error(
          Category::config,
          fmt::format("{}: there is another binary {}; give one another name", file, binary.path));
    if (const auto fault = path_fault(binary.path); !fault.empty())
      throw Error(Category::config, fmt::format("{}: its name {}; rename it", file, fault));
    if (needs.machine == this_architecture()) ask(file, library, binary);
    members_.push_back({binary.path, std::move(library.content)});
    binaries_.push_back(std::move(binary));
  }

  /// Without members.
  Manifest manifest() const {
    if (!asked_)
      throw Error(Category::config,
                  fmt::format("none of the binaries is for this machine ({}), and one must be "
                              "loaded to read its ids, version and licence",
                              this_architecture()));
    Manifest out = said_;
    out.binaries = binaries_;
    return out;
  }
  const std::vector<Member>& members() const { return members_; }

 private:
  void ask(const std::string& file, const Member& library, PackedBinary& binary) {
    const auto copy = scratch_.path() / library.path;
    write_file(copy, library.content);
    const Probe probe = probe_library(copy);
    fs::remove(copy);
    if (!probe.fault.empty()) throw Error(Category::plugin, probe.fault);
    const Manifest& said = probe.said;
    if (asked_ && (said.id != said_.id || said.version != said_.version ||
                   !equal_components(said.components, said_.components)))
      throw Error(Category::config,
                  fmt::format("{}: is {}, and another binary is {}; a package is of one plugin",
                              file, said.name(), said_.name()));
    binary.build = probe.build;
    said_ = said;
    asked_ = true;
  }

  const ScratchFolder& scratch_;
  std::set<std::string> paths_;
  std::vector<PackedBinary> binaries_;
  std::vector<Member> members_;
  Manifest said_;
  bool asked_ = false;
};

}  // namespace

Packed pack(const PackRequest& request) {
  const Sources sources(request.folder);
  const ScratchFolder scratch;
  Binaries binaries(scratch);
  if (request.binaries.empty()) {
    Member built = built_binary(sources, scratch);
    const std::string name = built.path;
    binaries.add(name, std::move(built));
  }
  for (const auto& file : request.binaries)
    binaries.add(file.string(), {file.filename().string(), read_file(file)});

  Packed out;
  out.manifest = binaries.manifest();
  if (const auto fault = version_fault(out.manifest.version); !fault.empty())
    throw Error(Category::config,
                fmt::format("the plugin's version '{}' {}", out.manifest.version, fault));
  if (out.manifest.licence.empty())
    out.warnings.push_back("the plugin names no licence, so that nobody else may use it");
  std::vector<Member> members = sources.members();
  members.insert(members.end(), binaries.members().begin(), binaries.members().end());
  for (const auto& member : members)
    out.manifest.members.push_back({member.path, member.content.size(), sha256(member.content)});
  out.bytes = write_package(out.manifest, members, request.key);
  read_package(out.bytes, package_file_name(out.manifest));  // what is written can be read
  out.left_out = sources.left_out();
  return out;
}

}  // namespace onager::host
