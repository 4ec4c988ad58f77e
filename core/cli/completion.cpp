// SPDX-License-Identifier: MIT
#include "cli/completion.hpp"

#include "cli/command_line.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

namespace onager::host::cli {

const std::vector<std::string>& completion_shells() {
  static const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  return shells;
}

void add_completion(CLI::App& app, CommandLine& line) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion =
      app.add_subcommand("completion", "Print a script that completes this program's command line");
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember(completion_shells()));
  completion->callback([shell, &app, &line] {
    line.needs_plugins = false;
    line.verb = [shell, &app](const Registry&) {
      const Command program = command_tree(app);
      fmt::print("{}", *shell == "bash"  ? bash_completion(program)
                       : *shell == "zsh" ? zsh_completion(program)
                                         : fish_completion(program));
      return 0;
    };
  });
}

}  // namespace onager::host::cli
