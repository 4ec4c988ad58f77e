// SPDX-License-Identifier: MIT
#include "../../common/first_order.hpp"

namespace {

namespace plugins = onager::plugins;

/// Stochastic gradient descent with Polyak's heavy ball.
///
///   g <- grad L_B(w) + a w
///   v <- mu v + g
///   w <- w - eta v
///
/// The learning rate is outside the velocity v, and g enters it in full (no dampening). With a
/// constant rate this is Polyak's w_{t+1} = w_t - eta g + mu (w_t - w_{t-1}); when eta changes, the
/// whole step does so at once. mu: momentum, 0.9 as is usual: steps add up to 1/(1 - mu) of one. On
/// a quadratic loss it converges for eta below 2 (1 + mu)/lambda. a: weight_decay. p numbers kept.
///
/// Source: Polyak 1964, equation 9; in this form Sutskever et al. 2013 with v scaled by -1/eta.
struct HeavyBall {
  static constexpr std::array<plugins::Moment, 1> moments{
      {{"velocity", "v: the gradients so far, each older one mu times as much"}}};
  static constexpr plugins::Samples samples = plugins::Samples::batch;
  double mu, a;

  explicit HeavyBall(const onager::Config& c) : mu(c.real("momentum")), a(c.real("weight_decay")) {}

  auto step(double eta, std::int64_t) const {
    return [eta, mu = mu, a = a](double& w, double g, double& v) {
      g += a * w;
      v = mu * v + g;
      w -= eta * v;
    };
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.momentum", "1.0.0", "MIT",
              plugins::first_order<HeavyBall>(
                  "momentum", "Stochastic gradient descent with heavy-ball momentum", "1/lambda",
                  {onager::real("momentum", 0.9, "mu: what is left of the velocity after a step")
                       .at_least(0)
                       .below(1),
                   plugins::weight_decay_parameter()})
                  .cite("Polyak, Some methods of speeding up the convergence of iteration methods, "
                        "USSR Comput. Math. Math. Phys. 4, 1964"))
