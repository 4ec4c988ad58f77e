// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace onager::host::conformance {

/// What belongs to the whole process, which no plugin may change.
struct ProcessState {
  std::string locale, folder;
  std::vector<const void*> signal_handlers;
  unsigned file_mode_mask = 0;
  int threads = 0;  // that run
};

ProcessState process_state();

/// "the locale from C to de_DE.UTF-8", or "" when nothing of it changed. Threads aside.
std::string changed(const ProcessState& before, const ProcessState& after);

/// How many threads run beyond those of `before`. The system lists a thread for some time after it
/// was joined, so that this waits up to a second for them to go.
int threads_left(const ProcessState& before);

}  // namespace onager::host::conformance
