// SPDX-License-Identifier: MIT
#include "base/interrupt.hpp"

#include "base/error.hpp"

#include <atomic>
#include <csignal>

namespace onager::host {

namespace {

std::atomic<bool> stop{false};
std::atomic<int> put_off{0};
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

StopLater::StopLater() noexcept { ++put_off; }
StopLater::~StopLater() { --put_off; }

bool stop_requested() noexcept { return stop && put_off == 0; }
void request_stop() noexcept { stop = true; }
void clear_stop_request() noexcept { stop = false; }

void throw_if_stopped() {
  if (stop_requested()) throw Error(Category::interrupted, "stopped on request");
}

}  // namespace onager::host
