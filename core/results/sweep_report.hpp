// SPDX-License-Identifier: MIT
#pragma once

#include "results/sweep_results.hpp"

#include <string>

namespace onager::host {

/// The sweep as a page that fetches nothing: expectations, figures with their fits, a row a point,
/// the pipeline file with what varies marked, plugins, machine, cost.
std::string sweep_html(const SweepFile& file, const SweepResults& results);

}  // namespace onager::host
