// SPDX-License-Identifier: MIT
#include "results/compare.hpp"

#include "base/files.hpp"
#include "cli/verbs.hpp"

#include <fmt/format.h>

namespace onager::host::cli {

int compare(const std::vector<std::string>& runs, bool json, const std::string& html_file) {
  const std::vector<std::filesystem::path> folders(runs.begin(), runs.end());
  fmt::print("{}", json ? compare_json(folders) : compare_text(folders));
  if (!html_file.empty()) write_file(html_file, compare_html(folders));
  return 0;
}

}  // namespace onager::host::cli
