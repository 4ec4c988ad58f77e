// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/problems.hpp"

#include <onager/abi.h>
#include <string>
#include <vector>

namespace onager::host {

enum class FigureScale { linear, logarithmic };
enum class FigureFit { none, power };
/// What a band around the mean of points with equal x and group spans.
enum class FigureBand { range, deviation };

/// A [[figure]] table: one plot of a sweep's table. x, y and group are names of its columns, which
/// are not all known before the points have run.
struct Figure {
  std::string title, x, y;
  std::string group;  // "" for one curve
  FigureScale x_scale = FigureScale::linear, y_scale = FigureScale::linear;
  FigureFit fit = FigureFit::none;
  double fit_from = 0;  // the least x that counts in the fit
  FigureBand band = FigureBand::range;
};

/// The keys of a [[figure]] table that hold a plain value.
const std::vector<onager_parameter>& figure_rows();

/// The [[figure]] tables of a pipeline's tree. After problems they are incomplete.
std::vector<Figure> read_figures(const Node& root, Problems& problems);

/// The figure as a [[figure]] table, defaults left out.
std::string to_toml(const Figure& figure);

}  // namespace onager::host
