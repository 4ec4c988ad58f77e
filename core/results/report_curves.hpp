// SPDX-License-Identifier: MIT
#pragma once

#include "results/line_plot.hpp"
#include "results/run_record.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onager::host {

/// Metrics of the first, the best and the last round as an HTML table.
std::string metrics_table(const RunRecord& run);

/// Every column over the rounds: accuracy and mean squared error large, the rest as small
/// multiples, constants named in a line. "" for less than two rounds.
std::string metrics_curves(const RunRecord& run);

/// Accuracies are read against 0 and 1, unless they differ but all are near the top.
std::optional<std::pair<double, double>> accuracy_range(const std::vector<Curve>& curves);

}  // namespace onager::host
