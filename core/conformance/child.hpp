// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/witness.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace onager::host::conformance {

/// How a child process ended.
struct ChildEnd {
  bool finished = false;  // its work came to its end
  Witness witness{};      // what it left when it did not
  int signal = 0;         // that ended it and that it could not witness, such as SIGKILL
  bool killed = false;    // it did not answer the alarm either
  std::string printed;    // the end of what it wrote to stdout and stderr
};

/// What the work of a child is given.
struct ChildLink {
  std::function<void(const std::string& line)> send;  // to the parent, at once; no line breaks
  std::function<void(const char* call)> entering;     // the call into the plugin that comes now
  std::function<void()> restart_clock;                // the time limit counts from here
};

/// Runs work in a child process: a copy of this one that nothing comes back from but the lines it
/// sends. `receive` gets each as it comes. Arrays that it saves go to `folder`. Throws
/// Error(system) when there can be no child.
ChildEnd run_in_child(const std::filesystem::path& folder, double seconds,
                      const std::function<void(const ChildLink&)>& work,
                      const std::function<void(const std::string& line)>& receive);

}  // namespace onager::host::conformance
