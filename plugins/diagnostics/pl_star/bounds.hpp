// SPDX-License-Identifier: MIT
//
// The inequality of Polyak and Lojasiewicz for square losses.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::plugins {

/// What is known of a square loss L = (c/2) |r|² at a point, K the tangent kernel there.
struct PlPoint {
  double constant;         // c
  double loss;             // L
  double gradient_square;  // |grad L|²
  double least, largest;   // eigenvalues of K
};

/// |grad L|² / (2 c L), which is |grad L|² / (2 L) of the loss |r|²/2 whatever c is. As grad L =
/// c J' r it is r'K r / |r|² and lies between the least and the largest eigenvalue of K. NaN where
/// the loss is 0.
inline double pl_ratio(const PlPoint& p) {
  return p.loss > 0 ? p.gradient_square / (2 * p.constant * p.loss)
                    : std::numeric_limits<double>::quiet_NaN();
}

/// By how much that lies outside of the two bounds, relative to the largest eigenvalue: 0, or
/// rounding.
inline double pl_excess(const PlPoint& p) {
  const double mu = pl_ratio(p);
  return std::max({p.least - mu, mu - p.largest, 0.0}) / p.largest;
}

/// The radius R = 2 sqrt(2 beta L(w_0)) / mu of the ball around w_0 in which PL* gives a solution,
/// for the loss |r|²/2 with beta = the largest eigenvalue of K: 2 sqrt(beta) |r_0| / mu. Infinite
/// where mu is 0.
inline double pl_radius(double largest, double initial_residual, double mu) {
  return mu > 0 ? 2 * std::sqrt(largest) * initial_residual / mu
                : std::numeric_limits<double>::infinity();
}

}  // namespace onager::plugins
