// SPDX-License-Identifier: MIT
#include "conformance/process_state.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <clocale>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <thread>

namespace onager::host::conformance {

namespace {

int threads_now() {
  std::error_code error;
  const std::filesystem::directory_iterator tasks("/proc/self/task", error);
  return error ? 0 : static_cast<int>(std::distance(begin(tasks), end(tasks)));
}

}  // namespace

ProcessState process_state() {
  ProcessState out;
  out.locale = std::setlocale(LC_ALL, nullptr);
  std::error_code error;
  out.folder = std::filesystem::current_path(error).string();
  for (int signal = 1; signal < SIGRTMIN; ++signal) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    out.signal_handlers.push_back(reinterpret_cast<const void*>(action.sa_handler));
  }
  out.file_mode_mask = ::umask(0);
  ::umask(out.file_mode_mask);
  out.threads = threads_now();
  return out;
}

std::string changed(const ProcessState& before, const ProcessState& after) {
  if (before.locale != after.locale)
    return fmt::format("the locale from {} to {}", before.locale, after.locale);
  if (before.folder != after.folder)
    return fmt::format("the current folder from {} to {}", before.folder, after.folder);
  if (before.file_mode_mask != after.file_mode_mask)
    return fmt::format("the mode of new files (umask) from {:o} to {:o}", before.file_mode_mask,
                       after.file_mode_mask);
  const auto handler = std::mismatch(before.signal_handlers.begin(), before.signal_handlers.end(),
                                     after.signal_handlers.begin());
  if (handler.first != before.signal_handlers.end())
    return fmt::format(
        "what happens at the signal {}",
        ::strsignal(static_cast<int>(handler.first - before.signal_handlers.begin() + 1)));
  return "";
}

int threads_left(const ProcessState& before) {
  constexpr int tries = 100;
  int left = threads_now() - before.threads;
  for (int i = 0; i < tries && left > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    left = threads_now() - before.threads;
  }
  return std::max(left, 0);
}

}  // namespace onager::host::conformance
