// SPDX-License-Identifier: MIT
#include "../../common/first_order.hpp"

namespace {

namespace plugins = onager::plugins;

/// Stochastic gradient descent with Nesterov's accelerated gradient.
///
///   g <- grad L_B(w) + a w
///   v <- mu v + g
///   w <- w - eta (g + mu v)
///
/// w is the point of Nesterov's method at which gradients are taken, one momentum step ahead of its
/// iterate: with theta = w + eta mu v the two lines are theta <- w - eta g, w <- theta + mu
/// (change of theta). mu: momentum, constant, 0.9 as is usual. On a quadratic loss it converges for
/// eta below 2 (1 + mu)/((1 + 2 mu) lambda). a: weight_decay. p numbers kept.
///
/// Source: Nesterov 1983; constant mu and this form Sutskever et al. 2013, Bengio et al. 2013.
struct Nesterov {
  static constexpr std::array<plugins::Moment, 1> moments{
      {{"velocity", "v: the gradients so far, each older one mu times as much"}}};
  static constexpr plugins::Samples samples = plugins::Samples::batch;
  double mu, a;

  explicit Nesterov(const onager::Config& c) : mu(c.real("momentum")), a(c.real("weight_decay")) {}

  auto step(double eta, std::int64_t) const {
    return [eta, mu = mu, a = a](double& w, double g, double& v) {
      g += a * w;
      v = mu * v + g;
      w -= eta * (g + mu * v);
    };
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.nesterov", "1.0.0", "MIT",
              plugins::first_order<Nesterov>(
                  "nesterov", "Stochastic gradient descent with Nesterov's momentum", "1/lambda",
                  {onager::real("momentum", 0.9, "mu: what is left of the velocity after a step")
                       .at_least(0)
                       .below(1),
                   plugins::weight_decay_parameter()})
                  .cite("Nesterov, A method of solving a convex programming problem with "
                        "convergence rate O(1/k²), Soviet Math. Dokl. 27, 1983"))
