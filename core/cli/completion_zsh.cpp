// SPDX-License-Identifier: MIT
#include "cli/completion.hpp"

#include <fmt/format.h>

namespace onager::host::cli {

namespace {

/// For single quotes, inside the brackets of _arguments and the colons of _describe.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    if (c == '\'') out += "'\\'";
    out += c;
  }
  return out;
}

std::string function_name(const Command& command) {
  return fmt::format("_{}", fmt::join(command.path, "_"));
}

std::string action(const ArgumentPlace& place) {
  switch (place.what) {
    case Completes::files: return "_files";
    case Completes::folders: return "_files -/";
    case Completes::component_ids: return "_onager_component_ids";
    case Completes::words: return fmt::format("({})", fmt::join(place.words, " "));
    default: return " ";
  }
}

std::string option_arguments(const CommandOption& option) {
  std::string out;
  for (const auto& name : option.names)
    out += fmt::format(" \\\n    '*{}[{}]{}'", name, escaped(option.description),
                       option.takes_value
                           ? fmt::format(":{}:{}", escaped(option.value_name), action(option.value))
                           : "");
  return out;
}

std::string function_of(const Command& command, const Command& program) {
  std::string arguments;
  for (const auto& option : command.options) arguments += option_arguments(option);
  if (&command != &program)
    for (const auto& option : program.options)
      if (option.takes_value) arguments += option_arguments(option);
  if (command.verbs.empty()) {
    if (!command.argument_name.empty())
      arguments += fmt::format(" \\\n    '*:{}:{}'", escaped(command.argument_name),
                               action(command.argument));
    return fmt::format("{}() {{\n  _arguments{}\n}}\n\n", function_name(command), arguments);
  }
  std::string described, cases;
  for (const auto& verb : command.verbs) {
    described += fmt::format("\n    '{}:{}'", verb.path.back(), escaped(verb.description));
    cases += fmt::format("    {}) {} ;;\n", verb.path.back(), function_name(verb));
  }
  return fmt::format(R"({0}() {{
  local context state state_descr line
  typeset -A opt_args
  local -a verbs=({1})
  _arguments -C{2} \
    '1: :->verb' \
    '*:: :->rest'
  case $state in
  verb) _describe -t verbs verb verbs ;;
  rest) case $line[1] in
{3}    esac ;;
  esac
}}

)",
                     function_name(command), described, arguments, cases);
}

}  // namespace

std::string zsh_completion(const Command& program) {
  std::string functions;
  for (const Command* command : all_commands(program)) functions += function_of(*command, program);
  return fmt::format(R"(#compdef onager
# zsh completion for onager, written by `onager completion zsh`

_onager_component_ids() {{
  local -a ids=("${{(@f)$(onager list --ids 2>/dev/null)}}")
  _describe -t ids component ids
}}

{}if [[ $funcstack[1] == _onager ]]; then
  _onager "$@"
else
  compdef _onager onager
fi
)",
                     functions);
}

}  // namespace onager::host::cli
