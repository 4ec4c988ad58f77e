// SPDX-License-Identifier: MIT
#pragma once

#include "results/figure_data.hpp"
#include "results/run_record.hpp"

#include <vector>

namespace onager::host {

/// The [[figure]] tables of a run's config.toml. Throws Error(config).
std::vector<Figure> figures_of(const RunRecord& run);

/// Figures of a run over the rows of its metrics.csv.
std::vector<FigureData> run_figures(const std::vector<Figure>& figures, const Metrics& metrics);

}  // namespace onager::host
