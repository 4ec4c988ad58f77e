// SPDX-License-Identifier: MIT
#include "cli/terminal.hpp"

#include "base/layout.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <limits>

namespace onager::host::cli {

namespace {

constexpr std::size_t least = 20, usual = 80;

}  // namespace

std::size_t columns(std::FILE* file) {
  const int descriptor = fileno(file);
  if (!isatty(descriptor)) return std::numeric_limits<std::size_t>::max();
  const char* said = std::getenv("COLUMNS");
  const long number = said ? std::strtol(said, nullptr, 10) : 0;
  if (number >= static_cast<long>(least)) return static_cast<std::size_t>(number);
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= least ? size.ws_col : usual;
}

void print_lines(std::FILE* file, const std::string& text) {
  const std::string lines = wrapped(text, columns(file));
  std::fwrite(lines.data(), 1, lines.size(), file);
  std::fflush(file);
}

void warn(const std::string& text) { print_lines(stderr, "warning: " + text + "\n"); }

}  // namespace onager::host::cli
