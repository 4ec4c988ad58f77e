// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace onager::host::cli {

/// Rows of equally many cells as lines whose columns are as wide as their widest cell, two spaces
/// apart.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace onager::host::cli
