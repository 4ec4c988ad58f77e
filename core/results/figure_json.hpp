// SPDX-License-Identifier: MIT
//
// Apart from figure_data.hpp, because the JSON library is heavy to include.
#pragma once

#include "results/figure_data.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace onager::host {

/// The power laws of figures: a list of objects with figure, panel, x, y, group, factor, exponent,
/// standard_error and points.
nlohmann::ordered_json fits_json(const std::vector<FigureData>& figures);

}  // namespace onager::host
