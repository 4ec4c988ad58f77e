// SPDX-License-Identifier: MIT
//
// What Adam and its variants share.
#pragma once

#include "first_order.hpp"

namespace onager::plugins {

/// Running means of gradients and of their squares, corrected for starting at 0.
///
///   m <- beta1 m + (1 - beta1) g           m̂ = m / (1 - beta1^t)
///   v <- beta2 v + (1 - beta2) g²          v̂ = v / (1 - beta2^t)
///
/// in step t = 1, 2, ... beta1 = 0.9, beta2 = 0.999: means over about 10 and 1,000 steps; epsilon =
/// 1e-8 keeps the quotient m̂ / (sqrt(v̂) + epsilon) finite where the gradient is 0. All three are
/// the paper's.
///
/// Source: Kingma, Ba 2015, algorithm 1.
struct AdaptiveMoments {
  static constexpr std::array<Moment, 2> moments{
      {{"mean", "m: running mean of the gradients, not corrected"},
       {"mean_square", "v: running mean of their squares, not corrected"}}};
  static constexpr Samples samples = Samples::batch;
  double beta1, beta2, epsilon;

  explicit AdaptiveMoments(const Config& c)
      : beta1(c.real("beta1")), beta2(c.real("beta2")), epsilon(c.real("epsilon")) {}

  static std::vector<Parameter> parameters(Parameter weight_decay) {
    return {real("beta1", 0.9, "What is left of the mean of gradients after a step")
                .at_least(0)
                .below(1),
            real("beta2", 0.999, "What is left of the mean of their squares after a step")
                .at_least(0)
                .below(1),
            real("epsilon", 1e-8, "Added to the root of the mean of squares").at_least(0),
            std::move(weight_decay)};
  }

 protected:
  /// Of step t: takes g into the moments and gives m̂ / (sqrt(v̂) + epsilon).
  auto scaled_mean(std::int64_t t) const {
    const auto steps = static_cast<double>(t);
    const double rest1 = 1 - std::pow(beta1, steps), rest2 = 1 - std::pow(beta2, steps);
    return [beta1 = beta1, beta2 = beta2, epsilon = epsilon, rest1, rest2](double g, double& m,
                                                                           double& v) {
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      return m / rest1 / (std::sqrt(v / rest2) + epsilon);
    };
  }
};

}  // namespace onager::plugins
