// SPDX-License-Identifier: MIT
#include "cli/status_line.hpp"

#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace onager::host::cli {

namespace {

/// A terminal that knows how to erase a line.
bool can_erase() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) && term && std::string_view(term) != "dumb";
}

}  // namespace

StatusLine::StatusLine() : enabled_(can_erase()) {}

void StatusLine::show(const std::string& text) {
  if (!enabled_) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (shown_ && now - last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  shown_ = true;
  fmt::print(stderr, "\r\033[K{}", text.substr(0, columns(stderr) - 1));
  std::fflush(stderr);
}

void StatusLine::clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!shown_) return;
  shown_ = false;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
}

}  // namespace onager::host::cli
