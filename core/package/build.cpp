// SPDX-License-Identifier: MIT
#include "package/build.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "base/process.hpp"
#include "package/elf_needs.hpp"
#include "plugin/registry.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t lines_shown = 15;  // of the log of a build that failed

[[noreturn]] void fail(const std::string& what) { throw Error(Category::plugin, what); }

/// The program of that name in PATH, or "".
fs::path found_program(const char* name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto file = fs::path(folder) / name;
    if (!folder.empty() && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

std::string last_lines(const std::string& text) {
  std::size_t begin = text.size();
  for (std::size_t n = 0; n <= lines_shown && begin != std::string::npos && begin > 0; ++n)
    begin = text.rfind('\n', begin - 1);
  return begin == std::string::npos ? text : text.substr(begin + (begin < text.size()));
}

/// Waits for a program; false when it ended with another status than 0.
bool succeeded(const std::vector<std::string>& command, const fs::path& log) {
  const Process process = Process::start(command, log);
  for (;;) {
    if (const auto end = process.ended()) return end->status == 0;
    if (stop_requested()) {
      process.interrupt();
      throw Error(Category::interrupted, "interrupted while a plugin was built");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

/// The folder of onagerConfig.cmake that belongs to this program.
fs::path sdk_folder() {
  std::vector<fs::path> folders = own_library_folders();
  for (auto& folder : folders) folder /= "cmake/onager";
  folders.push_back(own_program().parent_path().parent_path() / "sdk");  // of a build
  for (const auto& folder : folders)
    if (fs::exists(folder / "onagerConfig.cmake")) return folder;
  fail(
      fmt::format("the SDK of this program, onagerConfig.cmake, is not in {}; install it, on "
                  "Debian the package onager-dev",
                  folders.front().string()));
}

void configure(const fs::path& cmake, const fs::path& sources, const fs::path& build) {
  const auto log = build / "configure.log";
  const auto map = fmt::format("-ffile-prefix-map={}=. -ffile-prefix-map={}=build",
                               sources.string(), build.string());
  std::vector<std::string> command = {cmake,
                                      "-S",
                                      sources,
                                      "-B",
                                      build / "tree",
                                      "-DCMAKE_BUILD_TYPE=Release",
                                      "-DBUILD_TESTING=OFF",
                                      "-Donager_DIR=" + sdk_folder().string()};
  for (const char* language : {"C", "CXX", "Fortran"})
    command.push_back(fmt::format("-DCMAKE_{}_FLAGS_INIT={}", language, map));
  if (found_program("make").empty() && !found_program("ninja").empty())
    command.insert(command.end(), {"-G", "Ninja"});
  if (succeeded(command, log)) return;
  const std::string text = read_file(log);
  for (const char* language : {"CXX", "C", "Fortran"})
    if (text.find(fmt::format("No CMAKE_{}_COMPILER could be found", language)) !=
        std::string::npos)
      fail(
          fmt::format("no {} compiler was found to build it with; install one, on Debian: apt "
                      "install {}",
                      std::string(language) == "CXX" ? "C++" : language,
                      std::string(language) == "Fortran" ? "gfortran" : "build-essential"));
  fail(fmt::format("CMake refused its sources:\n{}", last_lines(text)));
}

fs::path built_plugin(const fs::path& tree) {
  std::vector<fs::path> found;
  for (fs::recursive_directory_iterator at(tree), end; at != end; ++at) {
    if (at->path().filename() == "CMakeFiles") at.disable_recursion_pending();
    if (at->path().extension() == ".so" && fs::is_regular_file(at->symlink_status()) &&
        read_elf_needs(read_file(at->path()), at->path().string()).is_plugin)
      found.push_back(at->path());
  }
  std::sort(found.begin(), found.end());
  if (found.empty())
    fail(
        "building its sources gave no plugin: no library of the build exports "
        "onager_plugin_entry; use onager_add_plugin in CMakeLists.txt");
  if (found.size() > 1)
    fail(
        fmt::format("building its sources gave {} plugins, {} and {} among them, and a package is "
                    "of one",
                    found.size(), found[0].filename().string(), found[1].filename().string()));
  return found.front();
}

}  // namespace

fs::path build_plugin(const fs::path& sources, const fs::path& build) {
  if (!fs::exists(sources / "CMakeLists.txt"))
    fail("its sources have no CMakeLists.txt at their top, by which they would be built");
  const fs::path cmake = found_program("cmake");
  if (cmake.empty())
    fail(
        "cmake was not found, which builds it from its sources; install it, on Debian: apt "
        "install cmake build-essential");
  make_folder(build);
  configure(cmake, sources, build);
  if (!succeeded({cmake, "--build", build / "tree", "--config", "Release"}, build / "build.log"))
    fail(fmt::format("its sources do not build here:\n{}",
                     last_lines(read_file(build / "build.log"))));
  return built_plugin(build / "tree");
}

}  // namespace onager::host
