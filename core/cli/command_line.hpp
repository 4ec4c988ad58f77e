// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/registry.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace onager::host::cli {

/// What the command line asks for, once it is parsed.
struct CommandLine {
  std::vector<std::string> plugin_path;
  bool require_signed = false;
  bool needs_plugins = true;        // compare and report, for example, read run folders only
  std::filesystem::path lock_file;  // whose plugins the verb is to use; "" for none
  std::function<int(const Registry&)> verb;
};

void add_completion(CLI::App& app, CommandLine& line);

/// `onager plugin`: each of its verbs has a file of its own, plugin_VERB.cpp, with the function
/// that registers it. The options live in the callback, which sets line.verb.
void add_plugin(CLI::App& app, CommandLine& line);
void add_plugin_new(CLI::App& plugin, CommandLine& line);
void add_plugin_test(CLI::App& plugin, CommandLine& line);
void add_plugin_list(CLI::App& plugin, CommandLine& line);
void add_plugin_pack(CLI::App& plugin, CommandLine& line);
void add_plugin_install(CLI::App& plugin, CommandLine& line);
void add_plugin_verify(CLI::App& plugin, CommandLine& line);
void add_plugin_key(CLI::App& plugin, CommandLine& line);

}  // namespace onager::host::cli
