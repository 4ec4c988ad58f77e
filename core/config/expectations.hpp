// SPDX-License-Identifier: MIT
#pragma once

#include "config/conditions.hpp"
#include "config/expression.hpp"
#include "config/figures.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onager::host {

/// The round or step of a run that an expectation looks at, or which of all its values.
enum class Moment { last, first, max, min, given };

/// How the values of several points of a sweep, or of several groups of a figure, are taken
/// together. `all`: each of them must be as expected.
enum class Over { all, mean, min, max };

enum class Relation { at_least, at_most, above, below, equal, within };

/// An [[expect]] table: what an experiment is to come to.
///
///   metric >= value - tolerance      metric > value - tolerance      |metric - value| <= tolerance
///   metric <= value + tolerance      metric < value + tolerance      for == and within
///
/// The metric is arithmetic over columns of metrics.csv (of a run) or sweep.csv (of a sweep), or a
/// number of a figure's power law.
struct Expectation {
  Where where_from;  // the table's place in the file
  Expression metric;
  Moment at = Moment::last;
  std::int64_t index = 0;  // of Moment::given
  Relation relation = Relation::at_least;
  double value = 0, tolerance = 0;
  std::string note;

  std::vector<Condition> where;  // which points; of sweeps
  Over over = Over::all;         // of sweeps and figures
  std::string figure, group;     // title; "" where the metric is of columns
};

/// The keys of an [[expect]] table that hold a plain value.
const std::vector<onager_parameter>& expectation_rows();

/// The [[expect]] tables of a pipeline's tree. `figures` are its figures. After problems they are
/// incomplete.
std::vector<Expectation> read_expectations(const Node& root, const std::vector<Figure>& figures,
                                           Problems& problems);

/// ">="
const char* sign_of(Relation relation);

/// "last", "max", "12"
std::string moment_text(const Expectation& expectation);

/// "all", "mean"
const char* to_string(Over over);

/// An expectation of a run as an [[expect]] table.
std::string to_toml(const Expectation& expectation);

}  // namespace onager::host
