// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

enum class RangeScale { linear, logarithmic };

/// `count` values from `from` to `to`, both among them, at equal distances or equal ratios; rounded
/// to twelve digits, so that a third of a range does not end in rounding errors.
std::vector<double> range_values(double from, double to, std::int64_t count, RangeScale scale);

/// A value as a table's cell: strings without quotes, lists and tables as TOML.
std::string value_text(const Node& value);

/// One cell of a point's row.
struct Cell {
  std::string column, text;
};

/// A swept value as cells. A table gives one for each of its keys ("optimizer.use",
/// "optimizer.ridge"), a list of tables one for each key of each, anything else one.
std::vector<Cell> cells_of(const Node& value, const std::string& path);

/// The number that a whole text is.
std::optional<double> number_of(const std::string& text);

}  // namespace onager::host
