// SPDX-License-Identifier: MIT
#include "plugin/found_plugins.hpp"

#include "base/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) { return path.filename().string().front() == '.'; }

/// Calls f(path) for what a folder holds, in the order of names; "" or why it cannot be read.
template <class F>
std::string for_each_in(const fs::path& folder, F&& f) {
  std::vector<fs::path> paths;
  std::error_code error;
  fs::directory_iterator at(folder, error), end;
  for (; !error && at != end; at.increment(error)) paths.push_back(at->path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) f(path);
  return error ? fmt::format("{}: the folder cannot be read: {}", folder.string(), error.message())
               : "";
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::vector<fs::path> libraries_of(const fs::path& folder) {
  std::vector<fs::path> out;
  for_each_in(folder, [&](const fs::path& path) {
    if (path.extension() == ".so" && !is_folder(path)) out.push_back(path);
  });
  return out;
}

/// The versions of the plugin whose folder this is, oldest first; folders without a library are
/// none.
std::vector<fs::path> versions_in(const fs::path& folder) {
  std::vector<fs::path> out;
  for_each_in(folder, [&](const fs::path& path) {
    if (is_folder(path) && !is_hidden(path) && !libraries_of(path).empty()) out.push_back(path);
  });
  std::stable_sort(out.begin(), out.end(), [](const fs::path& a, const fs::path& b) {
    return is_older(a.filename().string(), b.filename().string());
  });
  return out;
}

/// Named as a plugin's id, which has a dot.
bool is_plugin_folder(const fs::path& path) {
  return is_folder(path) && !is_hidden(path) &&
         path.filename().string().find('.') != std::string::npos;
}

}  // namespace

FoundPlugins find_plugins(const fs::path& folder, const std::vector<PluginPin>& pins) {
  FoundPlugins out;
  std::vector<fs::path> loose, newest;
  out.fault = for_each_in(folder, [&](const fs::path& path) {
    if (!is_folder(path)) {
      if (path.extension() == ".so") loose.push_back(path);
      return;
    }
    if (!is_plugin_folder(path)) return;
    const std::string id = path.filename().string();
    const auto versions = versions_in(path);
    if (versions.empty()) return;
    const auto pin =
        std::find_if(pins.begin(), pins.end(), [&](const PluginPin& p) { return p.id == id; });
    const auto pinned =
        std::find_if(versions.begin(), versions.end(), [&](const fs::path& version) {
          return pin != pins.end() && version.filename() == pin->version;
        });
    const bool is_pinned = pinned != versions.end();
    auto& files = is_pinned ? out.files : newest;
    for (auto& file : libraries_of(is_pinned ? *pinned : versions.back()))
      files.push_back(std::move(file));
  });
  for (auto* more : {&loose, &newest})
    out.files.insert(out.files.end(), more->begin(), more->end());
  return out;
}

std::vector<InstalledLibrary> installed_libraries(const fs::path& folder) {
  std::vector<InstalledLibrary> out;
  for_each_in(folder, [&](const fs::path& path) {
    if (!is_plugin_folder(path)) return;
    for (const auto& version : versions_in(path))
      for (const auto& file : libraries_of(version))
        out.push_back({path.filename().string(), version.filename().string(), file});
  });
  return out;
}

}  // namespace onager::host
