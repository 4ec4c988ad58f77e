// SPDX-License-Identifier: MIT
#include "cli/completion.hpp"

#include <fmt/format.h>

namespace onager::host::cli {

namespace {

std::string path_text(const Command& command) {
  return fmt::format("{}", fmt::join(command.path, " "));
}

/// The shell's command that fills COMPREPLY, or "".
std::string reply(const ArgumentPlace& place) {
  switch (place.what) {
    case Completes::files: return "compopt -o default";
    case Completes::folders: return "compopt -o dirnames";
    case Completes::component_ids:
      return "COMPREPLY=($(compgen -W \"$(onager list --ids 2>/dev/null)\" -- \"$cur\"))";
    case Completes::words:
      return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$cur\"))",
                         fmt::join(place.words, " "));
    default: return "";
  }
}

/// Lines of a case statement over "$verb $prev": what follows an option.
std::string value_cases(const Command& command, bool of_program) {
  std::string out;
  for (const auto& option : command.options) {
    if (!option.takes_value) continue;
    std::string patterns;
    for (const auto& name : option.names)
      patterns += fmt::format("{}{}", patterns.empty() ? "" : "|",
                              of_program ? fmt::format("*\" {}\"", name)
                                         : fmt::format("\"{} {}\"", path_text(command), name));
    const std::string action = reply(option.value);
    out += fmt::format("    {}) {}return ;;\n", patterns, action.empty() ? "" : action + "; ");
  }
  return out;
}

std::string option_names(const Command& command) {
  std::string out;
  for (const auto& option : command.options)
    out += fmt::format("{}{}", out.empty() ? "" : " ", fmt::join(option.names, " "));
  return out;
}

/// What is completed where no option is: the verbs below, or the command's argument.
std::string word_action(const Command& command) {
  if (command.verbs.empty()) return reply(command.argument);
  ArgumentPlace verbs{Completes::words, {}};
  for (const auto& verb : command.verbs) verbs.words.push_back(verb.path.back());
  return reply(verbs);
}

}  // namespace

std::string bash_completion(const Command& program) {
  std::string verbs, values = value_cases(program, true), options, words;
  for (const Command* command : all_commands(program)) {
    const std::string path = path_text(*command);
    const bool is_program = command == &program;
    if (!is_program) verbs += fmt::format("      \"{0}\") verb=\"{0}\" ;;\n", path);
    if (!is_program) values += value_cases(*command, false);
    options +=
        fmt::format("      \"{}\") COMPREPLY=($(compgen -W \"{}{}\" -- \"$cur\")) ;;\n", path,
                    option_names(*command), is_program ? "" : " " + option_names(program));
    if (const auto action = word_action(*command); !action.empty())
      words += fmt::format("      \"{}\") {} ;;\n", path, action);
  }
  return fmt::format(R"(# bash completion for onager, written by `onager completion bash`
_onager() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} verb=onager word
  COMPREPLY=()
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$verb $word" in
{}    esac
  done
  case "$verb $prev" in
{}  esac
  if [[ $cur == -* ]]; then
    case $verb in
{}    esac
  else
    case $verb in
{}    esac
  fi
}}
complete -F _onager onager
)",
                     verbs, values, options, words);
}

}  // namespace onager::host::cli
