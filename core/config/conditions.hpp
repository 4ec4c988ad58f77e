// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/problems.hpp"

#include <limits>
#include <string>
#include <vector>

namespace onager::host {

/// A condition on a column of a table: it has one of these values, or lies above or below a limit;
/// between the two where above < below.
struct Condition {
  std::string column;
  Place place;
  std::vector<std::string> values;
  double above = std::numeric_limits<double>::quiet_NaN(), below = above;

  bool holds(const std::string& value) const;
};

/// The conditions of a table such as { "optimizer.use" = "a", "dataset.samples" = { above = 5 } },
/// all of which are to hold; quoted keys and nested ones are the same. `form` describes such a
/// table for messages.
std::vector<Condition> read_conditions(const Node& table, const std::string& form,
                                       Problems& problems);

/// The conditions as a table in one line.
std::string to_toml(const std::vector<Condition>& conditions);

/// "optimizer.use = a, dataset.samples > 5"
std::string to_text(const std::vector<Condition>& conditions);

}  // namespace onager::host
