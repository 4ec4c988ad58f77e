// SPDX-License-Identifier: MIT
#include "base/error.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace onager::host::cli {

namespace {

constexpr int expectation_missed = 1;

}  // namespace

int concluded(const std::vector<Verdict>& verdicts, bool expect, int status, std::FILE* log) {
  if (log != nullptr) print_lines(log, verdicts_text(verdicts));
  if (status != 0) return status;
  if (any_unknown(verdicts)) {
    for (const auto& verdict : verdicts)
      if (verdict.outcome == Outcome::unknown)
        fmt::print(stderr, "onager: [[expect]] {}: {}\n", verdict.statement, verdict.message);
    return static_cast<int>(Category::config);
  }
  return expect && !all_met(verdicts) ? expectation_missed : 0;
}

}  // namespace onager::host::cli
