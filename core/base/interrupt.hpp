// SPDX-License-Identifier: MIT
#pragma once

namespace onager::host {

/// From now on SIGINT and SIGTERM ask the run to stop at the next round, step or tile; a second one
/// ends the process at once.
void catch_interrupts();

/// Whether a stop was asked for, by signal or by request_stop(), and nothing puts it off.
bool stop_requested() noexcept;

/// Puts a stop off while it lives: around what has to be whole before a state can be saved.
class StopLater {
 public:
  StopLater() noexcept;
  ~StopLater();
  StopLater(const StopLater&) = delete;
  StopLater& operator=(const StopLater&) = delete;
};

void request_stop() noexcept;
void clear_stop_request() noexcept;

/// Throws Error(interrupted) when a stop was asked for.
void throw_if_stopped();

}  // namespace onager::host
