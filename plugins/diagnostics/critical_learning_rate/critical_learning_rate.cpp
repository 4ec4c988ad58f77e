// SPDX-License-Identifier: MIT
#include "../../common/network_run.hpp"

namespace {

using onager::Matrix;
using namespace onager::plugins;

/// The step size 2/lambda above which gradient descent on the linearised model diverges, lambda the
/// largest eigenvalue of the loss's Gauss-Newton matrix sum_i J_i' (d²l/df²)_i J_i: of the whole
/// training loss and of the loss of the last step's batch, both at the parameters from which that
/// step was made, beside the learning rate that it used.
///
/// Some tens of products with the Gauss-Newton matrix, each a jvp and a vjp of the samples.
class CriticalLearningRate {
 public:
  CriticalLearningRate(const onager::Config& c, const onager::Host& host)
      : host_(host), tolerance_(c.real("tolerance")), batch_(c.flag("batch")) {}

  void observe(const onager::View& view) {
    const auto network = network_of(view, "critical_learning_rate");
    in_precision_of(network, [&](auto zero) { emit_rates<decltype(zero)>(view, network); });
  }

 private:
  template <class T>
  void emit_rates(const onager::View& view, const onager::Network& network) const {
    const auto previous = view.find("previous_parameters");
    const Matrix<const T> w(previous ? *previous : array_of(view, "parameters"));
    const double full = 2 / network.objective().lambda<T>(w, nullptr, tolerance_);
    host_.emit("critical_learning_rate.full", full);
    const onager_step* last = network.last();
    if (!last || !previous) return;
    host_.emit("critical_learning_rate.used", last->learning_rate);
    if (!batch_) return;
    double batch = full;
    if (last->samples) {
      const std::vector<std::int64_t> list(last->samples, last->samples + last->batch);
      batch = 2 / network.objective().lambda<T>(w, &list, tolerance_);
    }
    host_.emit("critical_learning_rate.batch", batch);
  }

  onager::Host host_;
  double tolerance_;
  bool batch_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.critical_learning_rate", "1.0.0", "MIT",
    onager::diagnostic<CriticalLearningRate>(
        "critical_learning_rate",
        "2/lambda of the training loss and of the last batch, beside the step's learning rate",
        {onager::real("tolerance", 1e-6, "Relative tolerance of lambda").above(0).below(1),
         onager::flag("batch", true, "That of the last step's batch too")})
        .cite("Zhu, Liu, Radhakrishnan, Belkin, Catapults in SGD: spikes in the training loss and "
              "their impact on generalization through feature learning, ICML 2024"))
