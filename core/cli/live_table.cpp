// SPDX-License-Identifier: MIT
#include "cli/live_table.hpp"

#include "base/characters.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace onager::host::cli {

namespace {

std::string cut(const std::string& line, std::size_t width) {
  std::string out;
  std::size_t letters = 0;
  for (const auto& letter : characters(line)) {
    if (++letters >= width) break;
    out += letter;
  }
  return out;
}

}  // namespace

bool LiveTable::possible() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::string(kind) != "dumb";
}

void LiveTable::clear() {
  if (shown_ > 0) fmt::print("\x1b[{}A\x1b[J", shown_);
  shown_ = 0;
  std::fflush(stdout);
}

void LiveTable::print(const std::string& line) {
  clear();
  print_lines(stdout, line + "\n");
}

void LiveTable::show(const std::vector<std::string>& lines) {
  clear();
  const std::size_t width = columns(stdout);
  for (const auto& line : lines) fmt::print("{}\n", cut(line, width));
  shown_ = lines.size();
  std::fflush(stdout);
}

}  // namespace onager::host::cli
