// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>

namespace onager::host::cli {

void add_plugin(CLI::App& app, CommandLine& line) {
  CLI::App* plugin = app.add_subcommand("plugin", "Make, check and share plugins");
  plugin->require_subcommand(1);
  add_plugin_new(*plugin, line);
  add_plugin_test(*plugin, line);
  add_plugin_list(*plugin, line);
  add_plugin_pack(*plugin, line);
  add_plugin_install(*plugin, line);
  add_plugin_verify(*plugin, line);
  add_plugin_key(*plugin, line);
}

}  // namespace onager::host::cli
