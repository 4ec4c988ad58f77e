// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace onager::host {

/// metrics.csv: one row a round, or a step of those that were logged; columns in the order they
/// were first set, seconds last. A cell that was never set is empty. Numbers are written so that
/// they read back as the same doubles.
class Metrics {
 public:
  /// What the rows count, the name of the first column: "round" or "step".
  void count(const std::string& unit) { unit_ = unit; }
  const std::string& unit() const { return unit_; }
  void set(std::int64_t round, const std::string& column, double value);
  /// NaN when the cell is empty.
  double at(std::int64_t round, const std::string& column) const;

  bool empty() const { return rows_.empty(); }
  bool has(std::int64_t round) const { return rows_.count(round) != 0; }
  /// Whether the cell was set.
  bool has(std::int64_t round, const std::string& column) const;
  std::vector<std::string> columns() const;  // without the first, with seconds last
  std::vector<std::int64_t> rounds() const;
  std::string to_csv() const;
  /// Throws Error(config) that names the line.
  static Metrics from_csv(const std::string& text, const std::string& file);

 private:
  std::string unit_ = "round";
  std::vector<std::string> order_;
  std::map<std::int64_t, std::map<std::string, double>> rows_;
};

}  // namespace onager::host
