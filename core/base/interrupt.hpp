// SPDX-License-Identifier: MIT
#pragma once

namespace onager::host {

/// From now on SIGINT and SIGTERM ask the run to stop at the next round or tile; a second one ends
/// the process at once.
void catch_interrupts();

/// Whether a stop was asked for, by signal or by request_stop().
bool stop_requested() noexcept;

void request_stop() noexcept;
void clear_stop_request() noexcept;

/// Throws Error(interrupted) when a stop was asked for.
void throw_if_stopped();

}  // namespace onager::host
