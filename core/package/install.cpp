// SPDX-License-Identifier: MIT
#include "package/install.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "package/build.hpp"
#include "package/elf_needs.hpp"
#include "package/probe.hpp"
#include "package/scratch_folder.hpp"

#include <fmt/format.h>

#include <onager/abi.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace onager::host {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* record_file = "install.json";
constexpr const char* staging_prefix = ".installing-";

[[noreturn]] void fail(const std::string& what) { throw Error(Category::plugin, what); }

void require_abi(const Manifest& manifest) {
  unsigned major = 0, minor = 0;
  std::sscanf(manifest.abi.c_str(), "%u.%u", &major, &minor);
  if (major != ONAGER_ABI_MAJOR || minor > ONAGER_ABI_MINOR)
    fail(fmt::format("{} needs plugin ABI {}, and this Onager speaks {}.{}; {}", manifest.name(),
                     manifest.abi, ONAGER_ABI_MAJOR, ONAGER_ABI_MINOR,
                     major < ONAGER_ABI_MAJOR ? "ask its author for a newer version"
                                              : "install a newer Onager"));
}

/// Why what a library says of itself is not what the manifest says, or "".
std::string difference(const Manifest& said, const Manifest& manifest) {
  if (said.id != manifest.id || said.version != manifest.version)
    return fmt::format("its library says that it is {}", said.name());
  for (const auto& one : manifest.components) {
    bool found = false;
    for (const auto& other : said.components) found |= other.kind == one.kind && other.id == one.id;
    if (!found) return fmt::format("its library has no {} '{}'", one.kind, one.id);
  }
  if (said.components.size() != manifest.components.size())
    return fmt::format("its library has {} components, and the manifest lists {}",
                       said.components.size(), manifest.components.size());
  return "";
}

std::string to_json(const InstallRecord& record) {
  return Json{{"package_sha256", record.package_sha256},
              {"library", record.library},
              {"library_sha256", record.library_sha256},
              {"built_here", record.built_here}}
             .dump(2) +
         "\n";
}

InstallRecord read_record(const fs::path& file) {
  InstallRecord out;
  try {
    const auto json = nlohmann::json::parse(read_file(file));
    out.package_sha256 = json.at("package_sha256");
    out.library = json.at("library");
    out.library_sha256 = json.at("library_sha256");
    out.built_here = json.at("built_here");
  } catch (const nlohmann::json::exception& error) {
    fail(fmt::format("{}: is damaged ({}); install the plugin again", file.string(), error.what()));
  }
  return out;
}

/// One installation, in a folder beside the final one.
class Installation {
 public:
  Installation(const Package& package, const InstallRequest& request)
      : package_(package),
        manifest_(package.manifest),
        request_(request),
        target_(request.folder / manifest_.id / manifest_.version) {}

  Installed go() {
    require_abi(manifest_);
    if (request_.folder.empty())
      throw Error(Category::system,
                  "neither XDG_DATA_HOME nor HOME says where a user's plugins are kept");
    make_folder(request_.folder);
    const FileLock lock(
        request_.folder / ".lock",
        fmt::format("another installation is at work in {}", request_.folder.string()));
    remove_leftovers();
    if (auto there = installed_before()) return *there;

    const ScratchFolder staging(request_.folder, staging_prefix);
    fs::permissions(staging.path(), fs::perms(0755));  // as readable as other folders
    unpack(staging.path());
    Installed out;
    out.record.package_sha256 = package_.sha256;
    out.record.library = library(staging.path(), out.record.built_here);
    out.record.library_sha256 = sha256_file(staging.path() / out.record.library);
    write_file(staging.path() / record_file, to_json(out.record));
    move_into_place(staging.path());
    out.library = target_ / out.record.library;
    return out;
  }

 private:
  void say(const std::string& line) const {
    if (request_.say) request_.say(line);
  }

  /// Of an installation that was killed.
  void remove_leftovers() const {
    for (const auto& entry : fs::directory_iterator(request_.folder))
      if (entry.path().filename().string().rfind(staging_prefix, 0) == 0)
        fs::remove_all(entry.path());
  }

  std::optional<Installed> installed_before() const {
    if (!fs::exists(target_)) return std::nullopt;
    if (request_.replace == Replace::yes) return std::nullopt;
    const InstalledVersion there = verify_installed(target_);
    if (there.record.package_sha256 != package_.sha256)
      fail(
          fmt::format("{} is installed from another package (SHA-256 {}, this one has {}); "
                      "--replace installs this one in its place",
                      manifest_.name(), there.record.package_sha256, package_.sha256));
    return Installed{target_ / there.record.library, there.record, true};
  }

  void unpack(const fs::path& folder) const {
    write_file(folder / manifest_path, package_.manifest_json);
    if (!package_.signature_file.empty())
      write_file(folder / signature_path, package_.signature_file);
    for (const auto& member : package_.members) {
      if (member.path.rfind(sources_folder, 0) != 0) continue;
      make_folder((folder / member.path).parent_path());
      write_file(folder / member.path, member.content);
    }
  }

  /// Puts the library into the folder and returns its name.
  std::string library(const fs::path& folder, bool& built_here) const {
    const Choice packed = packed_library(folder);
    if (packed.fault.empty()) return packed.name;
    say(fmt::format("{}; building it from the packed sources", packed.fault));
    built_here = true;
    try {
      return built_library(folder);
    } catch (const Error& error) {
      if (error.category() != Category::plugin) throw;
      fail(fmt::format("{} cannot be installed: {}; and {}", manifest_.name(), packed.fault,
                       error.what()));
    }
  }

  std::string built_library(const fs::path& folder) const {
    const fs::path build = folder / "build";
    const fs::path built = build_plugin(folder / sources_folder, build);
    const std::string name = built.filename().string();
    fs::rename(built, folder / name);
    fs::remove_all(build);
    const Probe probe = probe_library(folder / name);
    if (!probe.fault.empty()) fail(probe.fault);
    require_as_said(probe.said);
    return name;
  }

  void require_as_said(const Manifest& said) const {
    const auto differs = difference(said, manifest_);
    if (!differs.empty())
      fail(fmt::format("the manifest says {}, and {}; the package is not put together right",
                       manifest_.name(), differs));
  }

  /// A packed library that can be used, or why there is none.
  struct Choice {
    std::string name, fault;
  };
  Choice packed_library(const fs::path& folder) const {
    const std::string machine = this_architecture();
    Choice out{"", fmt::format("no packed library is for this machine, {}", machine)};
    for (const auto& binary : manifest_.binaries) {
      if (binary.machine != machine) continue;
      const fs::path file = folder / fs::path(binary.path).filename();
      write_file(file, package_.find(binary.path)->content);
      const Probe probe = probe_library(file);
      if (probe.fault.empty()) {
        require_as_said(probe.said);
        return {file.filename().string(), ""};
      }
      fs::remove(file);
      out.fault = fmt::format("the packed library {} cannot be used here: it{}", binary.path,
                              after_name(probe.fault, file));
    }
    return out;
  }

  /// "FILE: was built ..." without the staged file's name, which is gone.
  static std::string after_name(const std::string& fault, const fs::path& file) {
    const std::string name = file.string() + ":";
    return fault.rfind(name, 0) == 0 ? fault.substr(name.size()) : " failed: " + fault;
  }

  void move_into_place(const fs::path& staged) const {
    make_folder(target_.parent_path());
    const ScratchFolder replaced(request_.folder, staging_prefix);
    std::error_code error;
    if (fs::exists(target_)) fs::rename(target_, replaced.path() / "old", error);
    if (!error) fs::rename(staged, target_, error);
    if (error)
      throw Error(Category::system, fmt::format("cannot put the plugin into {}: {}",
                                                target_.string(), error.message()));
  }

  const Package& package_;
  const Manifest& manifest_;
  const InstallRequest& request_;
  const fs::path target_;
};

}  // namespace

Installed install_package(const Package& package, const InstallRequest& request) {
  return Installation(package, request).go();
}

std::optional<InstallRecord> install_record_of(const fs::path& library) {
  const fs::path file = library.parent_path() / record_file;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  const InstallRecord record = read_record(file);
  return record.library == library.filename() ? std::optional(record) : std::nullopt;
}

InstalledVersion verify_installed(const fs::path& folder) {
  InstalledVersion out;
  out.folder = folder;
  const std::string name = folder.string();
  if (!fs::exists(folder / manifest_path) || !fs::exists(folder / record_file))
    fail(fmt::format("{}: holds no plugin that `onager plugin install` put there", name));
  out.manifest_json = read_file(folder / manifest_path);
  out.manifest = manifest_from_json(out.manifest_json, name);
  if (fs::exists(folder / signature_path))
    out.signature = read_signature(read_file(folder / signature_path), name);
  out.record = read_record(folder / record_file);
  const auto compare = [&](const fs::path& file, const std::string& expected) {
    if (!fs::exists(file)) fail(fmt::format("{}: is missing; install it again", file.string()));
    const std::string hash = sha256_file(file);
    if (hash != expected)
      fail(
          fmt::format("{}: was changed after it was installed: its SHA-256 is {}, and {} was "
                      "expected; `onager plugin install --replace` mends it",
                      file.string(), hash, expected));
  };
  compare(folder / out.record.library, out.record.library_sha256);
  for (const auto& member : out.manifest.members)
    if (member.path.rfind(sources_folder, 0) == 0) compare(folder / member.path, member.sha256);
  return out;
}

}  // namespace onager::host
