// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace onager::host {

struct Tick {
  double value;
  std::string label;
};

/// The range of a plot's axis with its ticks.
struct Axis {
  double low = 0, high = 1;
  bool logarithmic = false;
  std::vector<Tick> ticks;
  std::vector<double> between;  // places of the marks without label of a logarithmic axis

  /// 0 at low, 1 at high.
  double place(double value) const;
};

/// Whether an axis ends at its outer ticks, or where the data does.
enum class Ends { at_ticks, as_given };

/// Ticks at 1, 2 or 5 times a power of ten, about `most` of them.
Axis linear_axis(double low, double high, int most, Ends ends);

/// Whole numbers only, the range as given.
Axis index_axis(double low, double high, int most);

/// Whole decades, ticks at powers of ten. 0 < low <= high.
Axis logarithmic_axis(double low, double high, int most);

/// Linear, or logarithmic where all values are positive and span more than two decades. Values
/// that are not finite do not count.
Axis axis_for(const std::vector<double>& values, int most);

enum class Scale { linear, logarithmic };

/// As asked for, around all values that are finite and, on a logarithmic axis, above 0. That ends
/// at 1, 2 or 5 times a power of ten, and has those as ticks where it spans two decades or less.
Axis scaled_axis(const std::vector<double>& values, Scale scale, int most);

}  // namespace onager::host
