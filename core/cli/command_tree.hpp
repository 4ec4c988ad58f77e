// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace onager::host::cli {

/// What may stand in a place of the command line, as far as a shell can complete it.
enum class Completes { nothing, files, folders, component_ids, words };

struct ArgumentPlace {
  Completes what = Completes::nothing;
  std::vector<std::string> words;  // of Completes::words
};

struct CommandOption {
  std::vector<std::string> names;  // "--help", "-h"
  std::string description;
  bool takes_value = false;
  std::string value_name;  // "FILE"
  ArgumentPlace value;
};

/// The program, or a verb of it, with its options and the verbs below it.
struct Command {
  std::vector<std::string> path;  // {"onager", "plugin", "pack"}
  std::string description;
  std::vector<CommandOption> options;  // its own; those of the program itself hold for every verb
  std::string argument_name;           // "" where it takes no arguments
  ArgumentPlace argument;
  std::vector<Command> verbs;
};

/// Reads the parser's own description, so that what is built on it cannot fall behind.
Command command_tree(const CLI::App& app);

/// The command and all below it, in order.
std::vector<const Command*> all_commands(const Command& command);

}  // namespace onager::host::cli
