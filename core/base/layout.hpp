// SPDX-License-Identifier: MIT
//
// Text for a terminal that is so many characters wide; what is not cut is as wide as it is.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace onager::host {

/// How a table is laid out.
struct TableForm {
  std::size_t keys = 1;  // columns that say what the row is, from the left
  std::size_t left = 1;  // columns of texts, from the left; those of numbers end at the same place
  std::size_t most;      // characters that a line may have
};

/// Rows of equally many cells as lines whose columns are as wide as their widest cell, two spaces
/// apart. Where lines would be wider than the form's `most`, texts are cut; where that is not
/// enough, the columns come in blocks below each other, each behind the key columns.
std::string text_table(const std::vector<std::vector<std::string>>& rows, const TableForm& form);

/// Lines that are no wider than `most` characters as far as their words allow. What does not fit
/// goes on below the line's second column, or else four spaces further in, unless the line is far
/// in itself; below a comment of TOML it is a comment.
std::string wrapped(const std::string& text, std::size_t most);

}  // namespace onager::host
