// SPDX-License-Identifier: MIT
//
// What of a run folder is the same for runs of the same numbers.
#pragma once

#include "support.hpp"

#include <map>
#include <sstream>
#include <string>

namespace onager::test {

/// metrics.csv without its last column, the seconds.
inline std::string without_seconds(const fs::path& run) {
  std::istringstream in(read(run / "metrics.csv"));
  std::string out;
  for (std::string line; std::getline(in, line);) out += line.substr(0, line.rfind(',')) + "\n";
  return out;
}

/// That and the arrays.
inline std::map<std::string, std::string> numbers_of(const fs::path& run) {
  std::map<std::string, std::string> out{{"metrics", without_seconds(run)}};
  for (const auto& entry : fs::directory_iterator(run / "arrays"))
    out[entry.path().filename().string()] = read(entry.path());
  return out;
}

}  // namespace onager::test
