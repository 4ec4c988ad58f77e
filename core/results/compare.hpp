// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// Runs side by side: status, rounds, metrics of the kept round, seconds; then every setting of
/// their config.toml in which they differ. All throw Error(config) when a folder is none of a run.
std::string compare_text(const std::vector<std::filesystem::path>& runs);
std::string compare_json(const std::vector<std::filesystem::path>& runs);

/// The same as a page, with the curves of all runs in one plot for each metric.
std::string compare_html(const std::vector<std::filesystem::path>& runs);

}  // namespace onager::host
