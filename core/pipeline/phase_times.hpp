// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace onager::host {

/// Seconds spent, by phase, in the order the phases first came.
class PhaseTimes {
 public:
  void add(const std::string& phase, double seconds);
  const std::vector<std::pair<std::string, double>>& all() const { return times_; }

  /// Runs work and adds its wall time to a phase, also when it throws.
  template <class Work>
  auto measure(const std::string& phase, Work&& work) {
    struct Timer {
      PhaseTimes& times;
      const std::string& phase;
      std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
      ~Timer() {
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
        times.add(phase, taken.count());
      }
    } timer{*this, phase};
    return work();
  }

 private:
  std::vector<std::pair<std::string, double>> times_;
};

}  // namespace onager::host
