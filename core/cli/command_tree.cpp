// SPDX-License-Identifier: MIT
#include "cli/command_tree.hpp"

#include "cli/completion.hpp"
#include "cli/verbs.hpp"
#include "plugin/registry.hpp"

#include <CLI/CLI.hpp>

namespace onager::host::cli {

namespace {

/// By the name that the help gives the place.
ArgumentPlace place_of(const std::string& name) {
  const auto holds = [&](const char* part) { return name.find(part) != std::string::npos; };
  if (name == "ID") return {Completes::component_ids, {}};
  if (name == "KIND") return {Completes::words, component_kinds()};
  if (name == "STAGE") return {Completes::words, bench_stages()};
  if (name == "SHELL") return {Completes::words, completion_shells()};
  if (holds("FILE") || name == "PATH" || name == "KEY") return {Completes::files, {}};
  if (name == "DIR") return {Completes::folders, {}};
  return {};
}

CommandOption option_of(const CLI::Option& option) {
  CommandOption out;
  for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
  out.description = option.get_description();
  out.takes_value = option.get_items_expected_max() > 0;
  if (out.takes_value) {
    const std::string type = option.get_type_name();  // NAME, or NAME:{one,other} where checked
    out.value_name = type.substr(0, type.find(':'));
    out.value = place_of(out.value_name);
  }
  return out;
}

Command command_of(const CLI::App& app, std::vector<std::string> path) {
  Command out;
  path.push_back(app.get_name());
  out.path = path;
  out.description = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      out.argument_name = option->get_name(true);
      out.argument = place_of(out.argument_name);
    } else {
      out.options.push_back(option_of(*option));
    }
  }
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    out.verbs.push_back(command_of(*verb, path));
  return out;
}

}  // namespace

Command command_tree(const CLI::App& app) { return command_of(app, {}); }

std::vector<const Command*> all_commands(const Command& command) {
  std::vector<const Command*> out = {&command};
  for (const auto& verb : command.verbs)
    for (const auto* below : all_commands(verb)) out.push_back(below);
  return out;
}

}  // namespace onager::host::cli
