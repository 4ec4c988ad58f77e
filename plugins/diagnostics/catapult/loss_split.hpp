// SPDX-License-Identifier: MIT
//
// A square loss apart by eigenspaces of the tangent kernel.
#pragma once

#include <onager/array.hpp>

#include <cmath>
#include <vector>

namespace onager::plugins {

struct LossSplit {
  double top = 0, rest = 0;
  double whole() const { return top + rest; }
};

/// L = (c/2) |r|² in the span of orthonormal vectors (columns, one entry a residual) and in its
/// complement: top = (c/2) sum_k <v_k, r>², rest = (c/2) |r - sum_k <v_k, r> v_k|². The rest is the
/// norm of a difference, not a difference of norms, so that one much smaller than the top keeps its
/// digits.
inline LossSplit split_loss(const Table& vectors, const std::vector<double>& residual, double c) {
  std::vector<double> rest = residual;
  LossSplit out;
  for (std::int64_t k = 0; k < vectors.cols; ++k) {
    double along = 0;
    for (std::int64_t i = 0; i < vectors.rows; ++i)
      along += vectors(i, k) * residual[static_cast<std::size_t>(i)];
    for (std::int64_t i = 0; i < vectors.rows; ++i)
      rest[static_cast<std::size_t>(i)] -= along * vectors(i, k);
    out.top += along * along;
  }
  for (const double r : rest) out.rest += r * r;
  out.top *= c / 2;
  out.rest *= c / 2;
  return out;
}

/// The losses of a rise that matter: before it, at its highest, and the largest of the rest in it.
struct Rise {
  LossSplit before, peak;
  double largest_rest = 0;
};

/// What of the height of a rise lies in the top space, and by how much the loss in the rest rose
/// at most, relative to that height. NaN where the loss does not rise.
struct RiseShares {
  double top, rest;
};
inline RiseShares shares_of(const Rise& rise) {
  const double height = rise.peak.whole() - rise.before.whole();
  if (!(height > 0)) return {std::nan(""), std::nan("")};
  return {(rise.peak.top - rise.before.top) / height,
          (rise.largest_rest - rise.before.rest) / height};
}

}  // namespace onager::plugins
