// SPDX-License-Identifier: MIT
#include "../../common/adaptive_moments.hpp"

namespace {

namespace plugins = onager::plugins;

/// Adam with the penalty (a/2) |w|² in the gradient.
///
///   g <- grad L_B(w) + a w
///   w <- w - eta m̂ / (sqrt(v̂) + epsilon)        with the moments m̂, v̂ of g
///
/// eta: learning rate, 0.001 as in the paper: a bound on how far a parameter goes in a step, about.
/// a: weight_decay, 0; for decay that is not divided by sqrt(v̂) see adamw. 2 p numbers kept.
///
/// Source: Kingma, Ba 2015, algorithm 1.
struct Adam : plugins::AdaptiveMoments {
  double a;

  explicit Adam(const onager::Config& c) : AdaptiveMoments(c), a(c.real("weight_decay")) {}

  auto step(double eta, std::int64_t t) const {
    return [eta, a = a, scaled = scaled_mean(t)](double& w, double g, double& m, double& v) {
      w -= eta * scaled(g + a * w, m, v);
    };
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.adam", "1.0.0", "MIT",
              plugins::first_order<Adam>(
                  "adam", "Adam: steps from running means of gradients and of their squares",
                  "0.001", plugins::AdaptiveMoments::parameters(plugins::weight_decay_parameter()))
                  .cite("Kingma, Ba, Adam: a method for stochastic optimization, ICLR 2015"))
