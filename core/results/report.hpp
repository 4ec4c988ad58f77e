// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace onager::host {

/// report.html from what lies in a run folder: one page without script that fetches nothing. A run
/// that did not finish is reported as far as it came. Throws Error(config) when the folder is none
/// of a run, or metrics.csv or summary.json is damaged; an array that cannot be read is named in
/// the page.
std::string report_html(const std::filesystem::path& run_folder);

}  // namespace onager::host
