// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

namespace onager::host::cli {

/// An option that takes one value each time it is given: what follows the value is none of its own.
inline CLI::Option* repeatable(CLI::Option* option) {
  return option->expected(1)->take_all()->allow_extra_args(false);
}

}  // namespace onager::host::cli
