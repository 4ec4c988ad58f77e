// SPDX-License-Identifier: MIT
#pragma once

#include "results/grid.hpp"
#include "results/summary.hpp"

#include <string>
#include <vector>

namespace onager::host {

/// What a matrix or vector of feature weights shows, in sentences with numbers: its range, the few
/// features that hold most of the diagonal, the share of each block of groups, and blocks that are
/// constant along their wrapped diagonals.
std::string matrix_facts(const Grid& grid, const std::vector<FeatureGroup>& groups);

/// Share of a square block's variance that the means of its wrapped diagonals (j - i constant
/// modulo the size) or anti-diagonals (i + j constant) explain; 0 for a constant block.
struct WrappedShare {
  double diagonals = 0, anti_diagonals = 0;
};
WrappedShare wrapped_share(const Grid& grid, std::size_t first_row, std::size_t first_col,
                           std::size_t size);

}  // namespace onager::host
