// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace onager::host::cli {

/// What is wrong with a command line that was not taken, with the nearest verb or option.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace onager::host::cli
