// SPDX-License-Identifier: MIT
#include "results/report.hpp"

#include "base/files.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "results/figure_files.hpp"
#include "results/run_figures.hpp"
#include "results/sweep_results.hpp"

#include <fmt/format.h>

namespace onager::host::cli {

namespace {

namespace fs = std::filesystem;

void write_run_report(const fs::path& folder) {
  write_file(folder / "report.html", report_html(folder));
  const RunRecord run = read_run(folder);
  write_figures(run_figures(figures_of(run), run.metrics), folder / "figures", warn);
}

void write_sweep_report(const fs::path& folder) {
  const SweepFolder sweep = read_sweep_folder(folder);
  write_sweep_results(sweep.file, sweep.results, folder, warn);
  print_lines(stdout, sweep_sentence(sweep.results.points) + "\n" +
                          fits_text(sweep.results.figures) + verdicts_text(sweep.results.verdicts));
}

}  // namespace

int report(const std::string& folder) {
  if (is_sweep_folder(folder)) write_sweep_report(folder);
  else write_run_report(folder);
  fmt::print("{}\n", (fs::path(folder) / "report.html").string());
  return 0;
}

}  // namespace onager::host::cli
