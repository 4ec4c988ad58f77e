// SPDX-License-Identifier: MIT
#include "pipeline/phase_times.hpp"

#include <algorithm>

namespace onager::host {

void PhaseTimes::add(const std::string& phase, double seconds) {
  const auto found = std::find_if(times_.begin(), times_.end(),
                                  [&](const auto& entry) { return entry.first == phase; });
  if (found == times_.end()) times_.emplace_back(phase, seconds);
  else found->second += seconds;
}

}  // namespace onager::host
