// SPDX-License-Identifier: MIT
#pragma once

#include "config/sweep.hpp"
#include "results/sweep_figure.hpp"
#include "results/sweep_record.hpp"
#include "results/verdicts.hpp"

#include <string>
#include <vector>

namespace onager::host {

/// What came of a sweep in words: "27 of 28 points finished, 1 failed; 12 min 3 s of run time in
/// all".
std::string sweep_sentence(const std::vector<PointRecord>& points);

/// The sweep as a page that fetches nothing: expectations, figures with their fits, a row a point,
/// the pipeline file, plugins, machine, cost.
std::string sweep_html(const Sweep& sweep, const std::vector<PointRecord>& points,
                       const Table& table, const std::vector<DrawnFigure>& figures,
                       const std::vector<Verdict>& verdicts);

}  // namespace onager::host
