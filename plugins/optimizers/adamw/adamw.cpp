// SPDX-License-Identifier: MIT
#include "../../common/adaptive_moments.hpp"

namespace {

namespace plugins = onager::plugins;

/// Adam with decoupled weight decay: the parameters shrink by themselves, not through the gradient.
///
///   g <- grad L_B(w)
///   w <- (1 - eta a) w - eta m̂ / (sqrt(v̂) + epsilon)        with the moments m̂, v̂ of g
///
/// eta: learning rate, which scales the decay too (the schedule multiplier of the paper times its
/// alpha). a: weight_decay, 0.01 as in PyTorch. 2 p numbers kept.
///
/// Source: Loshchilov, Hutter 2019, algorithm 2.
struct AdamW : plugins::AdaptiveMoments {
  double a;

  explicit AdamW(const onager::Config& c) : AdaptiveMoments(c), a(c.real("weight_decay")) {}

  auto step(double eta, std::int64_t t) const {
    return [eta, a = a, scaled = scaled_mean(t)](double& w, double g, double& m, double& v) {
      w -= eta * a * w;
      w -= eta * scaled(g, m, v);
    };
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.adamw", "1.0.0", "MIT",
              plugins::first_order<AdamW>(
                  "adamw", "Adam with decoupled weight decay", "0.001",
                  plugins::AdaptiveMoments::parameters(
                      onager::real("weight_decay", 0.01,
                                   "a in w <- (1 - learning_rate a) w, before each step")
                          .at_least(0)))
                  .cite("Loshchilov, Hutter, Decoupled weight decay regularization, ICLR 2019"))
