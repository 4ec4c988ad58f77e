// SPDX-License-Identifier: MIT
#include "../../common/first_order.hpp"

namespace {

namespace plugins = onager::plugins;

/// Adagrad with a diagonal matrix: gradients over the root of the sum of their squares.
///
///   g <- grad L_B(w) + a w
///   s <- s + g²
///   w <- w - eta g / (sqrt(s) + epsilon)
///
/// eta: learning rate, 0.01; the first step is eta for each parameter, and steps fall as 1/sqrt(t)
/// by themselves. epsilon = 1e-10 (the paper's delta); a: weight_decay. p numbers kept.
///
/// Source: Duchi, Hazan, Singer 2011, figure 1 without regulariser, diagonal H_t.
struct AdaGrad {
  static constexpr std::array<plugins::Moment, 1> moments{
      {{"sum_of_squares", "s: sum of the squared gradients"}}};
  static constexpr plugins::Samples samples = plugins::Samples::batch;
  double epsilon, a;

  explicit AdaGrad(const onager::Config& c)
      : epsilon(c.real("epsilon")), a(c.real("weight_decay")) {}

  auto step(double eta, std::int64_t) const {
    return [eta, epsilon = epsilon, a = a](double& w, double g, double& s) {
      g += a * w;
      s += g * g;
      w -= eta * g / (std::sqrt(s) + epsilon);
    };
  }
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.adagrad", "1.0.0", "MIT",
    plugins::first_order<AdaGrad>(
        "adagrad", "Gradients over the root of the sum of their squares", "0.01",
        {onager::real("epsilon", 1e-10, "Added to the root of the sum of squares").at_least(0),
         plugins::weight_decay_parameter()})
        .cite("Duchi, Hazan, Singer, Adaptive subgradient methods for online learning and "
              "stochastic optimization, J. Mach. Learn. Res. 12, 2011"))
