// SPDX-License-Identifier: MIT
#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <limits>

namespace onager::host::cli {

namespace {

constexpr std::size_t least = 20, usual = 80;

}  // namespace

std::size_t columns(int file) {
  if (!isatty(file)) return std::numeric_limits<std::size_t>::max();
  winsize size{};
  if (ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col >= least) return size.ws_col;
  const char* said = std::getenv("COLUMNS");
  const long number = said ? std::strtol(said, nullptr, 10) : 0;
  return number >= static_cast<long>(least) ? static_cast<std::size_t>(number) : usual;
}

}  // namespace onager::host::cli
