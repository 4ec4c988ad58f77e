// SPDX-License-Identifier: MIT
#pragma once

#include "results/metrics.hpp"

#include <string>
#include <vector>

namespace onager::host {

/// A table of texts; the empty text where a row has no value.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  /// Index of a column, or columns.size().
  std::size_t find(const std::string& column) const;
  bool has(const std::string& column) const { return find(column) < columns.size(); }
};

/// As comma-separated values with a heading. A cell that holds a comma, a quote or a line break
/// stands in quotes (RFC 4180).
std::string to_csv(const Table& table);

/// Reads what to_csv() wrote. Throws Error(config) that names the line.
Table table_from_csv(const std::string& text, const std::string& file);

/// metrics.csv as a table, with the column round or step.
Table table_of(const Metrics& metrics);

}  // namespace onager::host
