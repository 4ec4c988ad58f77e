// SPDX-License-Identifier: MIT
#include "base/where.hpp"

#include "base/characters.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

constexpr std::size_t widest_line = 160;
constexpr const char* indent = "    ";
constexpr const char* cut = "...";

/// The line and, under its column, a caret. Tabs before the column are repeated before the caret,
/// so that the two line up whatever the terminal's tab width.
std::string with_caret(const Where& where) {
  const std::string line = printable(where.text);
  const auto all = characters(line);
  const std::size_t caret =
      std::min<std::size_t>(where.column > 0 ? where.column - 1 : 0, all.size());
  std::size_t first = 0, last = all.size();
  if (all.size() > widest_line) {
    first = caret > widest_line / 2 ? caret - widest_line / 2 : 0;
    last = std::min(all.size(), first + widest_line);
    first = last - widest_line;
  }
  std::string shown = indent, under = indent;
  if (first > 0) {
    shown += cut;
    under += "   ";
  }
  for (std::size_t i = first; i < last; ++i) shown += all[i];
  for (std::size_t i = first; i < caret; ++i) under += all[i] == "\t" ? '\t' : ' ';
  if (last < all.size()) shown += cut;
  return "\n" + shown + "\n" + under + "^";
}

}  // namespace

bool is_override(const Where& where) { return where.file == "--set"; }

std::string located(const Where& where, const std::string& message) {
  if (where.file.empty()) return message;
  if (where.line == 0) return fmt::format("{}: {}", where.file, message);
  if (is_override(where))
    return fmt::format("--set '{}': {}{}", printable(where.text), message, with_caret(where));
  return fmt::format("{}:{}:{}: {}{}", where.file, where.line, where.column, message,
                     with_caret(where));
}

}  // namespace onager::host
