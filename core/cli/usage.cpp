// SPDX-License-Identifier: MIT
#include "cli/usage.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <vector>

namespace onager::host::cli {

namespace {

bool is_option(const std::string& word) { return word.rfind('-', 0) == 0; }

std::vector<std::string> verbs_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::App* verb : command.get_subcommands([](const CLI::App*) { return true; }))
    out.push_back(verb->get_name());
  return out;
}

void add_options(const CLI::App& command, std::vector<std::string>& out) {
  for (const CLI::Option* option : command.get_options())
    for (const auto& name : option->get_lnames()) out.push_back("--" + name);
}

}  // namespace

std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  std::string words = app.get_name();
  std::vector<std::string> options;
  add_options(app, options);
  std::vector<std::string> left = app.remaining();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    words += " " + command->get_name();
    add_options(*command, options);
    for (const auto& word : command->remaining()) left.push_back(word);
  }
  const auto verbs = verbs_of(*command);
  const auto option = std::find_if(left.begin(), left.end(), is_option);
  std::string what = error.what();
  if (option != left.end())
    what = fmt::format("{} has no option {}{}", words, *option,
                       did_you_mean(option->substr(0, option->find('=')), options));
  else if (!verbs.empty() && left.empty())
    what = fmt::format("{} needs a verb: {}", words, joined(verbs, " or "));
  else if (!verbs.empty()) {
    const std::string meant = did_you_mean(left.front(), verbs);
    what = fmt::format("{} has no verb '{}'{}", words, left.front(),
                       meant.empty() ? "; it has " + joined(verbs) : meant);
  } else if (!left.empty()) {
    what = fmt::format("{} does not take '{}'", words, left.front());
  }
  return fmt::format("onager: {}\n`{} --help` shows how it is used\n", what, words);
}

}  // namespace onager::host::cli
