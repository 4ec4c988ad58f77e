// SPDX-License-Identifier: MIT
#pragma once

#include "results/figure_data.hpp"
#include "results/svg.hpp"

#include <string>
#include <vector>

namespace onager::host {

/// A figure's panels on common axes: curves as means of their rows with bands, fits and reference
/// lines, or heat maps. No text but that of the axes and the key.
Svg figure_svg(const FigureData& data);

/// What is drawn how, as HTML; "" where that needs no words.
std::string figure_caption(const FigureData& data);

/// A figure for a report: heading, what could not be drawn, drawing, caption, fits.
std::string figure_section(const FigureData& data);

/// The sections of all figures.
std::string figure_sections(const std::vector<FigureData>& figures);

}  // namespace onager::host
