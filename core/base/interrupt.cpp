// SPDX-License-Identifier: MIT
#include "base/interrupt.hpp"

#include "base/error.hpp"

#include <atomic>
#include <csignal>

namespace onager::host {

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

extern "C" void on_signal(int signal) {
  stop = true;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool stop_requested() noexcept { return stop; }
void request_stop() noexcept { stop = true; }
void clear_stop_request() noexcept { stop = false; }

void throw_if_stopped() {
  if (stop) throw Error(Category::interrupted, "stopped on request");
}

}  // namespace onager::host
