// SPDX-License-Identifier: MIT
#include "cli/completion.hpp"

#include <fmt/format.h>

namespace onager::host::cli {

namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string words(const std::vector<std::string>& list) {
  return fmt::format("{}", fmt::join(list, " "));
}

/// fish's condition that the verbs typed so far are this command's.
std::string condition(const Command& command) {
  return fmt::format("__onager_verbs {}", words({command.path.begin() + 1, command.path.end()}));
}

/// The arguments of `complete` for what is completed in a place.
std::string completes(const ArgumentPlace& place) {
  switch (place.what) {
    case Completes::files: return "-F";
    case Completes::folders: return "-a '(__fish_complete_directories)'";
    case Completes::component_ids: return "-f -a '(onager list --ids 2>/dev/null)'";
    case Completes::words: return fmt::format("-f -a {}", quoted(words(place.words)));
    default: return "-f";
  }
}

std::string option_line(const CommandOption& option, const std::string& when) {
  std::string out = "complete -c onager" + when;
  for (const auto& name : option.names)
    out += name.size() == 2 ? " -s " + name.substr(1) : " -l " + name.substr(2);
  if (option.takes_value) out += " -r " + completes(option.value);
  return fmt::format("{} -d {}\n", out, quoted(option.description));
}

}  // namespace

std::string fish_completion(const Command& program) {
  std::string known, lines;
  for (const Command* command : all_commands(program))
    for (const auto& verb : command->verbs)
      known += fmt::format(" {}", quoted(words({verb.path.begin() + 1, verb.path.end()})));
  for (const Command* command : all_commands(program)) {
    const bool is_program = command == &program;
    const std::string when = fmt::format(" -n {}", quoted(condition(*command)));
    for (const auto& option : command->options)
      lines += option_line(option, is_program ? "" : when);
    for (const auto& verb : command->verbs)
      lines += fmt::format("complete -c onager -f{} -a {} -d {}\n", when, verb.path.back(),
                           quoted(verb.description));
    if (command->verbs.empty())
      lines += fmt::format("complete -c onager{} {}\n", when, completes(command->argument));
  }
  return fmt::format(R"(# fish completion for onager, written by `onager completion fish`
# Whether the verbs on the command line are exactly these.
function __onager_verbs
  set -l known{}
  set -l verbs
  for word in (commandline -opc)[2..-1]
    set -l longer (string join -- ' ' $verbs $word)
    if contains -- $longer $known
      set verbs $verbs $word
    end
  end
  test "$verbs" = "$argv"
end
{})",
                     known, lines);
}

}  // namespace onager::host::cli
