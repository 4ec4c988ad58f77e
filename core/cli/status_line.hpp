// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace onager::host::cli {

/// A line at the bottom of a terminal that is written over, for what goes on within a round. Where
/// standard error is no terminal nothing is shown. From any thread.
class StatusLine {
 public:
  StatusLine();
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  bool enabled() const { return enabled_; }
  /// At most five times a second; what comes between is passed over.
  void show(const std::string& text);
  /// Before anything else is printed.
  void clear();

 private:
  const bool enabled_;
  std::mutex mutex_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace onager::host::cli
