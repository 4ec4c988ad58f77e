// SPDX-License-Identifier: MIT
#include "results/compare.hpp"

#include "base/files.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "results/figure_files.hpp"

#include <fmt/format.h>

namespace onager::host::cli {

int compare(const CompareOptions& options) {
  const Comparison all = compare_runs({options.folders.begin(), options.folders.end()});
  if (!options.html.empty()) write_file(options.html, compare_html(all));
  if (!options.figures.empty())
    write_figures(all.figures.empty() ? overview_figures(all) : all.figures, options.figures, warn);
  fmt::print("{}", options.json ? compare_json(all) : compare_text(all, columns(stdout)));
  return 0;
}

}  // namespace onager::host::cli
