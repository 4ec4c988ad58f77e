// SPDX-License-Identifier: MIT
//
// The program, run as its user runs it.
#pragma once

#include <filesystem>
#include <string>

namespace onager::test {

namespace fs = std::filesystem;

/// What a finished process left.
struct Finished {
  int status = 0;  // exit status, or 128 + signal
  std::string out, err;
};
/// Runs a shell command and waits for it.
Finished shell(const std::string& command);
/// Runs the program with arguments in a folder.
Finished onager(const std::string& arguments, const fs::path& folder = fs::current_path());

/// A file's content; "" where there is none.
std::string read(const fs::path& file);

}  // namespace onager::test
