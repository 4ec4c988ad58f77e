// SPDX-License-Identifier: MIT
#include "plugin/registry.hpp"

#include <cstdlib>
#include <sstream>
#include <system_error>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

bool present(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// Beside the program in a build, in a library folder of its prefix when installed.
fs::path own_folder() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto beside = program.parent_path() / "plugins";
  if (present(beside)) return beside;
  for (const auto& folder : own_library_folders())
    if (present(folder / "onager/plugins")) return folder / "onager/plugins";
  return {};
}

}  // namespace

const char* const own_origin = "installed";

fs::path user_plugin_folder() {
  const auto data = environment("XDG_DATA_HOME");
  if (!data.empty() && data.front() == '/') return fs::path(data) / "onager/plugins";
  const auto home = environment("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".local/share/onager/plugins";
}

std::vector<fs::path> own_library_folders() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto prefix = program.parent_path().parent_path();
  std::vector<fs::path> folders = {prefix / "lib", prefix / "lib64"};
  for (fs::directory_iterator at(prefix / "lib", error), end; !error && at != end;
       at.increment(error))
    if (at->path().filename().string().find("-linux-") != std::string::npos)
      folders.push_back(at->path());
  return folders;
}

std::vector<PluginPlace> plugin_places(const std::vector<std::string>& named) {
  std::vector<PluginPlace> out;
  for (const auto& path : named) out.push_back({path, "--plugin-path"});
  const auto add = [&](const fs::path& path, const char* origin) {
    if (!path.empty() && present(path)) out.push_back({path, origin});
  };
  std::istringstream paths(environment("ONAGER_PLUGIN_PATH"));
  for (std::string path; std::getline(paths, path, ':');) add(path, "ONAGER_PLUGIN_PATH");
  add(user_plugin_folder(), "user");
  add(own_folder(), own_origin);
  return out;
}

}  // namespace onager::host
