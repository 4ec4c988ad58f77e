// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace onager::host::cli {

/// Lines at the bottom of a terminal that are drawn again and again, below lines that stay.
class LiveTable {
 public:
  /// Whether standard output is a terminal that can be drawn on.
  static bool possible();

  /// Prints a line that stays, above the table.
  void print(const std::string& line);
  /// Replaces the table; each line is cut at the terminal's width.
  void show(const std::vector<std::string>& lines);
  void clear();

 private:
  std::size_t shown_ = 0;
};

}  // namespace onager::host::cli
