// SPDX-License-Identifier: MIT
#include "../../common/first_order.hpp"

namespace {

namespace plugins = onager::plugins;

/// Gradient descent on all samples.
///
///   w <- w - eta (grad L(w) + a w)
///
/// eta: learning rate; the default 1/lambda takes the direction of largest curvature of a quadratic
/// loss to its minimum in one step and converges in the others. a: weight_decay. 2 p flops a step
/// beside the gradient. An epoch is a step.
///
/// Source: Cauchy 1847.
struct GradientDescent {
  static constexpr std::array<plugins::Moment, 0> moments{};
  static constexpr plugins::Samples samples = plugins::Samples::all;
  double a;

  explicit GradientDescent(const onager::Config& c) : a(c.real("weight_decay")) {}

  auto step(double eta, std::int64_t) const {
    return [eta, a = a](double& w, double g) { w -= eta * (g + a * w); };
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.gd", "1.0.0", "MIT",
              plugins::first_order<GradientDescent>("gd", "Gradient descent on all samples",
                                                    "1/lambda", {plugins::weight_decay_parameter()})
                  .cite("Cauchy, Méthode générale pour la résolution des systèmes d'équations "
                        "simultanées, C. R. Acad. Sci. 25, 1847"))
