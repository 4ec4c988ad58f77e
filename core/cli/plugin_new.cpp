// SPDX-License-Identifier: MIT
#include "base/process.hpp"
#include "cli/command_line.hpp"
#include "plugin/project.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

namespace onager::host::cli {

namespace {

/// What CMake needs to find this program's SDK: nothing in the system's own places.
std::string find_package_option() {
  const auto prefix = own_program().parent_path().parent_path();
  if (prefix == "/usr" || prefix == "/usr/local") return "";
  return " -DCMAKE_PREFIX_PATH=" + prefix.string();
}

int new_project(const ProjectRequest& request) {
  for (const auto& file : write_project(request, own_data("templates")))
    fmt::print("{}\n", file.string());
  const auto folder = request.folder.string();
  fmt::print(
      "\nBuild and test it:\n"
      "  cmake -S {0} -B {0}/build{1}\n"
      "  cmake --build {0}/build\n"
      "  ctest --test-dir {0}/build --output-on-failure\n",
      folder, find_package_option());
  return 0;
}

}  // namespace

void add_plugin_new(CLI::App& plugin, CommandLine& line) {
  auto request = std::make_shared<ProjectRequest>();
  request->language = "cpp";
  CLI::App* command = plugin.add_subcommand(
      "new", "Write a plugin project that builds, tests itself and runs, to be changed");
  command->add_option("DIR", request->folder, "New folder; its name becomes the component's id")
      ->required();
  command->add_option("--kind", request->kind, "What the component is")
      ->required()
      ->check(CLI::IsMember(component_kinds()));
  command->add_option("--language", request->language, "What it is written in")
      ->capture_default_str()
      ->check(CLI::IsMember(project_languages()));
  command->callback([request, &line] {
    line.needs_plugins = false;
    line.verb = [request](const Registry&) { return new_project(*request); };
  });
}

}  // namespace onager::host::cli
