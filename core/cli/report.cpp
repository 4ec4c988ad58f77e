// SPDX-License-Identifier: MIT
#include "results/report.hpp"

#include "base/files.hpp"
#include "cli/verbs.hpp"

#include <fmt/format.h>

namespace onager::host::cli {

int report(const std::string& run) {
  const auto file = std::filesystem::path(run) / "report.html";
  write_file(file, report_html(run));
  fmt::print("{}\n", file.string());
  return 0;
}

}  // namespace onager::host::cli
