// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

namespace onager::host::cli {

/// Columns of the terminal that a file is: COLUMNS, else what the terminal says, else 80. The
/// largest number where it is no terminal: what goes to a file or a pipe is not cut.
std::size_t columns(std::FILE* file);

/// Prints lines at once, wrapped where the file is a terminal that is narrower than they are.
void print_lines(std::FILE* file, const std::string& text);

/// "warning: text" on standard error.
void warn(const std::string& text);

}  // namespace onager::host::cli
