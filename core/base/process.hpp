// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// How a process ended.
struct ProcessEnd {
  int status = 0;                 // exit status, or 128 + signal
  int signal = 0;                 // 0: it exited by itself
  std::uint64_t peak_memory = 0;  // bytes
};

/// A process of this one, in a process group of its own: Ctrl-C at the terminal reaches only the
/// parent, which decides what its children are told. A parent that dies takes them with it.
class Process {
 public:
  /// Starts a program with its arguments (the first is its path). What it prints goes to `log`,
  /// which is made anew. Throws Error(system).
  static Process start(const std::vector<std::string>& command, const std::filesystem::path& log);
  /// It inherits one descriptor, and prints where this one does. Throws Error(system).
  static Process start(const std::vector<std::string>& command, int descriptor);

  /// How it ended, once it has; does not wait.
  std::optional<ProcessEnd> ended() const;

  /// How it ended; waits for that.
  ProcessEnd wait() const;

  /// Asks it to end as Ctrl-C would.
  void interrupt() const;

  /// Whether a thread is one of its.
  bool has_thread(int thread) const;

  /// Ends it at once.
  void kill() const;

 private:
  explicit Process(int id) : id_(id) {}
  int id_;
};

/// This program's file.
std::filesystem::path own_program();

/// A file or folder that comes with the program, in share/onager of its prefix; a build folder is
/// laid out as a prefix too. Throws Error(system) when it is not there.
std::filesystem::path own_data(const std::string& name);

}  // namespace onager::host
