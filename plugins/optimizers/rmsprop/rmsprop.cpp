// SPDX-License-Identifier: MIT
#include "../../common/first_order.hpp"

namespace {

namespace plugins = onager::plugins;

/// RMSprop: gradients over the root of the running mean of their squares.
///
///   g <- grad L_B(w) + a w
///   v <- alpha v + (1 - alpha) g²
///   w <- w - eta g / (sqrt(v) + epsilon)
///
/// alpha: decay, 0.99 as in PyTorch (the lecture has 0.9); the mean is not centered. v starts at 0
/// and is not corrected for it, so the first step is eta / sqrt(1 - alpha) for each parameter. eta:
/// learning rate, 0.01; epsilon = 1e-8; a: weight_decay. p numbers kept.
///
/// Source: Tieleman, Hinton 2012, lecture 6.5; epsilon outside the root as in PyTorch.
struct RmsProp {
  static constexpr std::array<plugins::Moment, 1> moments{
      {{"mean_square", "v: running mean of the squared gradients"}}};
  static constexpr plugins::Samples samples = plugins::Samples::batch;
  double alpha, epsilon, a;

  explicit RmsProp(const onager::Config& c)
      : alpha(c.real("decay")), epsilon(c.real("epsilon")), a(c.real("weight_decay")) {}

  auto step(double eta, std::int64_t) const {
    return [eta, alpha = alpha, epsilon = epsilon, a = a](double& w, double g, double& v) {
      g += a * w;
      v = alpha * v + (1 - alpha) * g * g;
      w -= eta * g / (std::sqrt(v) + epsilon);
    };
  }
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.rmsprop", "1.0.0", "MIT",
    plugins::first_order<RmsProp>(
        "rmsprop", "Gradients over the root of the running mean of their squares", "0.01",
        {onager::real("decay", 0.99, "alpha: what is left of the mean of squares after a step")
             .at_least(0)
             .below(1),
         onager::real("epsilon", 1e-8, "Added to the root of the mean of squares").at_least(0),
         plugins::weight_decay_parameter()})
        .cite("Tieleman, Hinton, Lecture 6.5: RMSProp, COURSERA: Neural networks for machine "
              "learning, 2012"))
