// SPDX-License-Identifier: MIT
#pragma once

#include "config/expectations.hpp"
#include "results/metrics.hpp"

#include <limits>
#include <string>
#include <vector>

namespace onager::host {

struct FigureData;
struct PointRecord;
struct Table;

/// `unknown`: there was nothing to compare, as for a column that does not exist.
enum class Outcome { met, missed, unknown };
const char* to_string(Outcome outcome);

/// What became of an [[expect]] table.
struct Verdict {
  std::string statement;  // "last test_accuracy >= 0.99"
  std::string note;
  /// Of several values that must all be as expected the one that is so least.
  double measured = std::numeric_limits<double>::quiet_NaN();
  Outcome outcome = Outcome::unknown;
  std::string message;  // why it is unknown
};

/// Of a run, from its metrics.csv and its figures.
std::vector<Verdict> judge(const std::vector<Expectation>& expectations, const Metrics& metrics,
                           const std::vector<FigureData>& figures);

/// Of a sweep, from its table and figures. Where an expectation looks at another round than the
/// last it reads the metrics.csv of the points, which are those of the table's rows.
std::vector<Verdict> judge(const std::vector<Expectation>& expectations, const Table& table,
                           const std::vector<PointRecord>& points,
                           const std::vector<FigureData>& figures);

bool all_met(const std::vector<Verdict>& verdicts);
bool any_unknown(const std::vector<Verdict>& verdicts);

/// Lines for the end of a run or sweep, one a verdict; "" without any.
std::string verdicts_text(const std::vector<Verdict>& verdicts);

/// The same as a section of a report; "" without any.
std::string verdicts_html(const std::vector<Verdict>& verdicts);

}  // namespace onager::host
