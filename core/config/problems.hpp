// SPDX-License-Identifier: MIT
#pragma once

#include "base/where.hpp"

#include <string>
#include <vector>

namespace onager::host {

/// Collects what is wrong with a pipeline file, so that the user sees all of it at once.
class Problems {
 public:
  /// Once, however many points of a sweep have the same problem.
  void add(const Where& where, const std::string& message);
  bool empty() const { return list_.empty(); }

  /// Throws Error(config) when there are any: in the order of the file, then of the overrides, with
  /// their number at the end when there are several.
  void throw_if_any(const std::string& file) const;

 private:
  struct Problem {
    Where where;
    std::string message;
  };
  std::vector<Problem> list_;
};

}  // namespace onager::host
