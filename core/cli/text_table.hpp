// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace onager::host::cli {

/// Rows of equally many cells as lines whose columns are as wide as their widest cell, two spaces
/// apart. Where they are wider than `most` characters together, the widest column is cut.
std::string text_table(const std::vector<std::vector<std::string>>& rows, std::size_t most);

}  // namespace onager::host::cli
