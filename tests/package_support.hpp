// SPDX-License-Identifier: MIT
//
// A plugin's project to pack, and users with homes of their own who get the package.
#pragma once

#include "run_program.hpp"
#include "scratch.hpp"

#include <filesystem>
#include <string>

namespace onager::test {

/// The project of a small plugin in C, org.example.spoiled, in a new folder below the scratch one.
inline fs::path plugin_project(const Scratch& scratch, const std::string& folder,
                               const std::string& version) {
  const fs::path project = scratch.path() / folder;
  fs::create_directories(project / "pipelines");
  fs::copy_file(fs::path(ONAGER_SOURCE_DIR) / "tests/faults/plugins/valid.h", project / "valid.h");
  scratch.file(folder + "/CMakeLists.txt",
               "cmake_minimum_required(VERSION 3.18)\nproject(plain LANGUAGES C CXX)\n"
               "find_package(onager REQUIRED)\nonager_add_plugin(plain SOURCES plain.c)\n");
  scratch.file(folder + "/plain.c",
               "#include \"valid.h\"\nSPOILED(plugin.version = \"" + version + "\")\n");
  scratch.file(folder + "/README.md", "A kernel.\n");
  scratch.file(folder + "/pipelines/plain.toml",
               "[dataset]\nuse = 'modular_arithmetic'\nmodulus = 5\n[kernel]\nuse = 'plain'\n"
               "[optimizer]\nuse = 'cholesky'\nridge = 1e-3\n[loop]\nrounds = 1\n");
  return project;
}

/// Someone with a home in the scratch folder, who works in that folder.
class User {
 public:
  User(const Scratch& scratch, const std::string& name)
      : folder_(scratch.path()), home_(scratch.path() / name) {
    fs::create_directories(home_);
  }

  fs::path plugins() const { return home_ / ".local/share/onager/plugins"; }

  /// Runs the program; `environment` comes before it, such as "PATH=/x".
  Finished onager(const std::string& arguments, const std::string& environment = "") const {
    return shell("cd '" + folder_.string() +
                 "' && env -u XDG_DATA_HOME -u XDG_CONFIG_HOME -u ONAGER_PLUGIN_PATH HOME='" +
                 home_.string() + "' " + environment + " '" ONAGER_PROGRAM "' " + arguments);
  }

 private:
  fs::path folder_, home_;
};

}  // namespace onager::test
