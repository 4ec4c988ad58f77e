// SPDX-License-Identifier: MIT
#pragma once

#include "config/figures.hpp"
#include "results/line_plot.hpp"
#include "results/power_fit.hpp"
#include "results/sweep_record.hpp"

#include <string>
#include <vector>

namespace onager::host {

/// The points of a figure that share a value of its group column.
struct FigureGroup {
  std::string name;
  std::vector<double> x, y;  // of every point, by ascending x
  std::optional<PowerLaw> law;
};

/// A figure with the numbers of a sweep's table.
struct DrawnFigure {
  Figure figure;
  std::vector<FigureGroup> groups;    // in the order of the table
  std::vector<std::string> problems;  // what cannot be drawn, for the reader
};

/// Takes the rows whose status is finished, or all where the table has no such column. A column
/// that the table lacks, and cells that are no numbers, become problems.
DrawnFigure draw_figure(const Figure& figure, const Table& table);

/// The figure's title, or "seconds, fit over train samples".
std::string title_of(const Figure& figure);

/// Groups as curves: the mean of points with equal x, a band around it, the fitted law as a guide.
LinePlot plot_of(const DrawnFigure& drawn);

/// A column of a sweep's table in words: "train samples", "seconds, fit", "peak memory, bytes".
std::string column_words(const std::string& column);

/// "1.93 ± 0.02", with two decimals or as many as the standard error has to its first digit.
std::string exponent_text(const PowerLaw& law);

/// Lines for the end of a sweep: each figure's fits, one group a line; "" without any.
std::string fits_text(const std::vector<DrawnFigure>& figures);

}  // namespace onager::host
