// SPDX-License-Identifier: MIT
//
// A two-layer network with given weights, and its expected gradient outer product where a formula
// is known.
#pragma once

#include "../../common/network/activation.hpp"
#include "../../common/orthonormal.hpp"
#include "../../common/polynomial.hpp"

#include <onager/array.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace onager::plugins {

/// f(x) = A s(W x / sqrt d) / sqrt m with an activation s: x in R^d, hidden weights W m x d, output
/// weights A c x m.
struct TwoLayerNetwork {
  network::Activation activation;
  Table hidden, output;

  std::int64_t inputs() const { return hidden.cols; }
  std::int64_t width() const { return hidden.rows; }
  std::int64_t outputs() const { return output.rows; }

  /// c numbers y <- f(x). 2 m (d + c) flops.
  void evaluate(const double* x, double* y) const {
    const auto m = static_cast<std::size_t>(width());
    std::vector<double> z(m), value(m), slope(m), curvature(m);
    const double scale = 1 / std::sqrt(static_cast<double>(inputs()));
    for (std::int64_t k = 0; k < width(); ++k) {
      double sum = 0;
      for (std::int64_t j = 0; j < inputs(); ++j) sum += hidden(k, j) * x[j];
      z[static_cast<std::size_t>(k)] = scale * sum;
    }
    activation.evaluate(width(), z.data(), value.data(), slope.data(), curvature.data());
    for (std::int64_t l = 0; l < outputs(); ++l) {
      double sum = 0;
      for (std::int64_t k = 0; k < width(); ++k)
        sum += output(l, k) * value[static_cast<std::size_t>(k)];
      y[l] = sum / std::sqrt(static_cast<double>(width()));
    }
  }
};

/// Angle between two rows, by the two numbers whose rounding errors stay small for any angle
/// (Kahan 2006): 2 atan2(|u/|u| - v/|v||, |u/|u| + v/|v||).
inline double angle_between(const Table& rows, std::int64_t a, std::int64_t b) {
  double squares_a = 0, squares_b = 0;
  for (std::int64_t j = 0; j < rows.cols; ++j) {
    squares_a += rows(a, j) * rows(a, j);
    squares_b += rows(b, j) * rows(b, j);
  }
  double apart = 0, together = 0;
  for (std::int64_t j = 0; j < rows.cols; ++j) {
    const double u = rows(a, j) / std::sqrt(squares_a), v = rows(b, j) / std::sqrt(squares_b);
    apart += (u - v) * (u - v);
    together += (u + v) * (u + v);
  }
  return 2 * std::atan2(std::sqrt(apart), std::sqrt(together));
}

/// E sum_l grad f_l grad f_l' (d x d), empty where no formula is known.
///
///   W' S W / (m d),   S_ab = (A' A)_ab E[s'(w_a' x) s'(w_b' x)]
///
/// The expectation is 1 for the identity, and (pi - angle(w_a, w_b)) / 2 pi for relu and inputs of
/// a law that no rotation changes. m² (d + c) + m d² products.
/// Source: Cho, Saul 2009, eq. 6 with n = 0.
inline Table expected_gradient_outer_product(const TwoLayerNetwork& f, Distribution law) {
  const bool identity = f.activation.identity();
  const bool relu = std::string(f.activation.name()) == "relu" && law != Distribution::hypercube;
  if (!identity && !relu) return {};
  const double pi = std::acos(-1.0);
  const double scale = 1 / static_cast<double>(f.width() * f.inputs());
  Table s(f.width(), f.width());
  for (std::int64_t a = 0; a < f.width(); ++a)
    for (std::int64_t b = 0; b <= a; ++b) {
      double inner = 0;
      for (std::int64_t l = 0; l < f.outputs(); ++l) inner += f.output(l, a) * f.output(l, b);
      const double slopes = identity ? 1 : (pi - angle_between(f.hidden, a, b)) / (2 * pi);
      s(a, b) = s(b, a) = scale * inner * slopes;
    }
  return carried_back(s, f.hidden);
}

}  // namespace onager::plugins
