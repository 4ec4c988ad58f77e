// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/trial.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace onager::host::conformance {

/// work(t) for t = 0 .. count - 1 on a thread each, all from the same moment on, as one measured
/// call into the plugin. Each is interrupted every 100 microseconds, wherever it is, and lets the
/// others go on: so they meet on one processor too.
void run_at_once(Trial& trial, const std::string& call, std::size_t count,
                 const std::function<void(std::size_t)>& work);

}  // namespace onager::host::conformance
