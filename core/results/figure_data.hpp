// SPDX-License-Identifier: MIT
#pragma once

#include "config/figures.hpp"
#include "results/power_fit.hpp"
#include "results/table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// The rows of a figure's panel that share the values of its group columns, for one of its y.
struct FigureCurve {
  std::string name;          // what tells it apart in the figure; "" for the only one
  std::string group;         // values of the group columns, "a, b"
  std::string y_column;      // what its y is
  std::size_t style = 0;     // its place among the figure's curves, the same in every panel
  std::vector<double> x, y;  // of every row, by ascending x
  std::optional<PowerLaw> law;
};

/// Rows of equal x: their mean and spread.
struct FigureMean {
  double x = 0, mean = 0, low = 0, high = 0;
  std::size_t count = 0;
};

/// A reference line. At one x where y is empty, at one y where x is empty, else through points.
struct FigureLine {
  std::string name;
  std::optional<std::size_t> style;  // that of the curve it belongs to
  std::vector<double> x, y;
};

/// Rows of equal x and y in a heat map, by their places on the axes.
struct FigureCell {
  std::size_t x = 0, y = 0;
  double mean = 0;
  std::size_t count = 0;
};

/// Values of an axis that are drawn at equal distances: texts, or those of a heat map.
struct FigureAxisValues {
  std::vector<std::string> names;
  std::vector<double> numbers;  // as many, or none where a name is no number

  /// Where a number lies between the places 0, 1, ..; nothing outside.
  std::optional<double> place(double value, FigureScale scale) const;
};

/// One plot of a figure: all of it, or what shares a value of its facet column.
struct FigurePanel {
  std::string name;  // "noise = 0.1", or ""
  std::vector<FigureCurve> curves;
  std::vector<FigureCell> cells;  // of a heat map
  std::vector<FigureLine> lines;
};

/// A figure with its numbers.
struct FigureData {
  Figure figure;
  std::vector<FigurePanel> panels;
  std::string x_name, y_name, z_name;   // of the axes, with units where they are known
  FigureAxisValues x_values, y_values;  // empty where the axis is one of numbers
  std::vector<std::string> problems;    // what cannot be drawn, for the reader

  bool has_fits() const;
};

/// Takes the rows of a table that the figure draws; of a sweep's those that are finished. A column
/// that the table lacks, and cells that are no numbers, become problems. `known`: the columns that
/// there are, for messages, where the table has only those that are needed.
FigureData figure_data(const Figure& figure, const Table& table,
                       const std::vector<std::string>& known, const Units& units);

/// Means of a curve's rows with equal x, with the figure's band.
std::vector<FigureMean> means_of(const FigureCurve& curve, FigureBand band);

/// What is drawn, as a table: panel, curve, x, y, low, high, rows; of a heat map panel, x, y, z,
/// rows.
Table table_of(const FigureData& data);

/// Lines for the end of a sweep: each figure's fits, one curve a line; "" without any.
std::string fits_text(const std::vector<FigureData>& figures);

/// The figure's title, or "test mean squared error over train samples".
std::string title_of(const Figure& figure);

/// "1.93 ± 0.02", with two decimals or as many as the standard error has to its first digit.
std::string exponent_text(const PowerLaw& law);

}  // namespace onager::host
