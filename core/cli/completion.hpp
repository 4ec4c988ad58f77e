// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command_tree.hpp"

#include <string>
#include <vector>

namespace onager::host::cli {

/// "bash", "zsh", "fish"
const std::vector<std::string>& completion_shells();

/// Scripts that complete the program's verbs, options, files and, asked of the program at the time,
/// the components that are found.
std::string bash_completion(const Command& program);
std::string zsh_completion(const Command& program);
std::string fish_completion(const Command& program);

}  // namespace onager::host::cli
