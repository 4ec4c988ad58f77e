// SPDX-License-Identifier: MIT
#pragma once

#include "config/conditions.hpp"
#include "config/document.hpp"
#include "config/expression.hpp"
#include "config/problems.hpp"

#include <onager/abi.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

enum class FigureScale { linear, logarithmic };
enum class FigureFit { none, power };
/// What a band around the mean of points with equal x and group spans.
enum class FigureBand { range, deviation, none };
enum class FigureMark { line, points };

/// A [[figure]] table: one plot of a table's rows, those of sweep.csv, or of metrics.csv where the
/// file has no sweep. x, y and z are columns or arithmetic over columns, which are not all known
/// before the points have run.
struct Figure {
  std::string title;
  Expression x;
  std::vector<Expression> y;       // curves; one, the vertical axis, for a heat map
  std::optional<Expression> z;     // the colours of a heat map
  std::vector<std::string> group;  // columns that tell curves apart
  std::string facet;               // a column whose values get a panel each
  std::vector<Condition> where;    // the rows that are drawn
  FigureScale x_scale = FigureScale::linear, y_scale = FigureScale::linear,
              z_scale = FigureScale::linear;
  std::string x_label, y_label, z_label;     // "" names the axis after its column
  std::vector<Expression> x_lines, y_lines;  // reference lines: at an x, or y as it depends on x
  FigureFit fit = FigureFit::none;
  double fit_from = 0;  // the least x that counts in the fit
  FigureBand band = FigureBand::range;
  FigureMark mark = FigureMark::line;

  /// Whether x is the round or step: then a sweep's rows are those of its points' metrics.csv.
  bool over_rounds() const;
};

/// Units of columns that have one: "optimizer.time_limit" -> "s".
using Units = std::map<std::string, std::string>;

/// The keys of a [[figure]] table that hold a plain value.
const std::vector<onager_parameter>& figure_rows();

/// The [[figure]] tables of a pipeline's tree. After problems they are incomplete.
std::vector<Figure> read_figures(const Node& root, Problems& problems);

/// Every column that the figure reads, each once.
std::vector<std::string> columns_of(const Figure& figure);

/// The figure as a [[figure]] table, defaults left out.
std::string to_toml(const Figure& figure);

}  // namespace onager::host
