// SPDX-License-Identifier: MIT
#pragma once

#include "results/svg.hpp"

#include <string>
#include <vector>

namespace onager::host {

struct KeyEntry {
  std::string name;
  std::size_t series = 0;
  bool joined = true;  // its points, by a line
};

/// Which series is which, in as many rows as the width needs; entries begin at `left`.
Svg plot_key(const std::vector<KeyEntry>& entries, double left, double width);

}  // namespace onager::host
