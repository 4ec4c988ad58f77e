// SPDX-License-Identifier: MIT
//
// The constant of a square loss, found from what it does and not from its name.
#pragma once

#include "network_run.hpp"

#include <cmath>

namespace onager::plugins {

/// c where the objective on the first samples is L = (c/2) sum_i |f(x_i) - y_i|²: 1 for half a sum
/// of squares, 2/(n c') for a mean over n samples and c' outputs. With it L's gradient is c J' r,
/// its Gauss-Newton matrix c J' J, its critical step 2 / (c lambda_max(K)).
///
/// residual_square: sum_i |f(x_i) - y_i|²; kernel_norm: lambda_max(K) of these samples. Refuses an
/// objective whose value and curvature do not belong to one such c, as those of another loss or
/// with an AGOP penalty do not, with `remedy` at the message's end.
inline double square_loss_constant(const View& view, const Network& network, std::int64_t samples,
                                   double residual_square, double kernel_norm,
                                   const std::string& remedy) {
  return in_precision_of(network, [&](auto zero) {
    using T = decltype(zero);
    const Matrix<const T> w(array_of(view, "parameters"));
    const auto list = first_samples(samples);
    const double by_curvature = network.objective().lambda<T>(w, &list, 1e-6) / kernel_norm;
    if (residual_square == 0) return by_curvature;
    const double by_value =
        2 * network.objective().evaluate<T>(w, &list, nullptr) / residual_square;
    if (!(std::fabs(by_value - by_curvature) <= 1e-3 * by_curvature))
      throw Error(ONAGER_INVALID,
                  "what this run minimises is no multiple of |f - y|²: its value is " +
                      std::to_string(by_value / 2) + " times that, its curvature belongs to " +
                      std::to_string(by_curvature / 2) + "; " + remedy);
    return by_value;
  });
}

}  // namespace onager::plugins
