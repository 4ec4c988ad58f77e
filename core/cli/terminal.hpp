// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace onager::host::cli {

/// Columns of the terminal that a file descriptor is: what it says, else COLUMNS, else 80. The
/// largest number where it is no terminal: what goes to a file or a pipe is not cut.
std::size_t columns(int file);

}  // namespace onager::host::cli
