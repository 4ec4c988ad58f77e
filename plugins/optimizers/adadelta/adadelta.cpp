// SPDX-License-Identifier: MIT
#include "../../common/first_order.hpp"

namespace {

namespace plugins = onager::plugins;

/// Adadelta: steps in the parameter's own unit, the root mean square of its last changes.
///
///   g <- grad L_B(w) + a w
///   v <- rho v + (1 - rho) g²
///   d = g sqrt(u + epsilon) / sqrt(v + epsilon)
///   u <- rho u + (1 - rho) d²
///   w <- w - eta d
///
/// rho = 0.9: means over about 10 steps. epsilon = 1e-6 starts the method: u is 0 at first, so that
/// the first step is about sqrt(epsilon / (1 - rho)). The paper has eta = 1, the default here.
/// a: weight_decay. 2 p numbers kept.
///
/// Source: Zeiler 2012, algorithm 1.
struct AdaDelta {
  static constexpr std::array<plugins::Moment, 2> moments{
      {{"mean_square", "v: running mean of the squared gradients"},
       {"mean_square_change", "u: running mean of the squared changes d"}}};
  static constexpr plugins::Samples samples = plugins::Samples::batch;
  double rho, epsilon, a;

  explicit AdaDelta(const onager::Config& c)
      : rho(c.real("decay")), epsilon(c.real("epsilon")), a(c.real("weight_decay")) {}

  auto step(double eta, std::int64_t) const {
    return [eta, rho = rho, epsilon = epsilon, a = a](double& w, double g, double& v, double& u) {
      g += a * w;
      v = rho * v + (1 - rho) * g * g;
      const double d = g * std::sqrt(u + epsilon) / std::sqrt(v + epsilon);
      u = rho * u + (1 - rho) * d * d;
      w -= eta * d;
    };
  }
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.adadelta", "1.0.0", "MIT",
    plugins::first_order<AdaDelta>(
        "adadelta", "Steps in the unit of the last changes of each parameter", "1.0",
        {onager::real("decay", 0.9, "rho: what is left of both means of squares after a step")
             .at_least(0)
             .below(1),
         onager::real("epsilon", 1e-6, "Added to both means of squares").above(0),
         plugins::weight_decay_parameter()})
        .cite("Zeiler, ADADELTA: an adaptive learning rate method, arXiv:1212.5701, 2012"))
