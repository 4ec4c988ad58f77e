// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

namespace onager::host {

/// What went wrong, as far as a caller of the program needs to know; the value is the exit status.
enum class Category { config = 2, plugin = 3, numerical = 4, system = 5, interrupted = 130 };

/// The host's only exception type. The message is complete: what, where, and what to do about it.
class Error : public std::runtime_error {
 public:
  Error(Category category, const std::string& message)
      : std::runtime_error(message), category_(category) {}
  Category category() const noexcept { return category_; }
  int exit_status() const noexcept { return static_cast<int>(category_); }

 private:
  Category category_;
};

}  // namespace onager::host
