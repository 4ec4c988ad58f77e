// SPDX-License-Identifier: MIT
#include "../../common/first_order.hpp"

namespace {

namespace plugins = onager::plugins;

/// Stochastic gradient descent.
///
///   w <- w - eta (grad L_B(w) + a w)
///
/// L_B: the loss of the step's batch B, with the loss's constant for that many samples. eta:
/// learning rate; "c/lambda" is relative to the curvature of all samples, that of a batch can be up
/// to n/|B| times as large. a: weight_decay. 2 p flops a step beside the gradient.
///
/// Source: Robbins, Monro 1951.
struct StochasticGradientDescent {
  static constexpr std::array<plugins::Moment, 0> moments{};
  static constexpr plugins::Samples samples = plugins::Samples::batch;
  double a;

  explicit StochasticGradientDescent(const onager::Config& c) : a(c.real("weight_decay")) {}

  auto step(double eta, std::int64_t) const {
    return [eta, a = a](double& w, double g) { w -= eta * (g + a * w); };
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.sgd", "1.0.0", "MIT",
              plugins::first_order<StochasticGradientDescent>(
                  "sgd", "Stochastic gradient descent in batches of a seeded order", "1/lambda",
                  {plugins::weight_decay_parameter()})
                  .cite("Robbins, Monro, A stochastic approximation method, Ann. Math. Stat. 22, "
                        "1951"))
