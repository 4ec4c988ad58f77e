// SPDX-License-Identifier: MIT
#include "../../common/network_run.hpp"
#include "../../common/operator_spectrum.hpp"

namespace {

using onager::Matrix;
using namespace onager::plugins;

/// The largest and the least eigenvalue of the Hessian H of the loss on the first s training
/// samples, without an AGOP penalty: whether the loss is convex there, and how far it is from it.
///
/// With the largest in absolute value, a, known, the other end is that of H - a I, whose size is
/// the spread of the spectrum: the tolerance is relative to that, and a least eigenvalue close to 0
/// takes no more products than another. Source: Liu, Zhu, Belkin 2022, section 3.
class LossCurvature {
 public:
  LossCurvature(const onager::Config& c, const onager::Host& host)
      : host_(host), samples_(c.integer("samples")), limits_(c) {}

  void observe(const onager::View& view) {
    const auto network = network_of(view, "loss_curvature");
    in_precision_of(network, [&](auto zero) { emit_ends<decltype(zero)>(view, network); });
  }

 private:
  template <class T>
  void emit_ends(const onager::View& view, const onager::Network& network) const {
    const Matrix<const T> w(array_of(view, "parameters"));
    const auto list = first_samples(sample_count(network, samples_));
    const auto hessian = [&](Matrix<const T> u, Matrix<T> out) {
      network.objective().hessian_product<T>(w, &list, u, out);
    };
    const std::int64_t p = network.parameters();
    const auto outer = outer_spectrum<T>(host_, p, hessian, ONAGER_MAGNITUDE, 1, limits_);
    const double a = outer.values[0];
    std::int64_t products = outer.products;
    double other = a;
    if (p > 1 && a != 0) {
      const auto shifted = [&](Matrix<const T> u, Matrix<T> out) {
        hessian(u, out);
        for (std::int64_t i = 0; i < p; ++i) out(i, 0) -= static_cast<T>(a) * u(i, 0);
      };
      const auto inner = outer_spectrum<T>(host_, p, shifted, ONAGER_MAGNITUDE, 1, limits_);
      other = a + inner.values[0];
      products += inner.products;
    }
    host_.emit("loss_curvature.largest", std::max(a, other));
    host_.emit("loss_curvature.least", std::min(a, other));
    host_.emit("loss_curvature.products", static_cast<double>(products));
  }

  onager::Host host_;
  std::int64_t samples_;
  SpectrumLimits limits_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.loss_curvature", "1.0.0", "MIT",
              onager::diagnostic<LossCurvature>(
                  "loss_curvature",
                  "The largest and the least, most negative eigenvalue of the loss's Hessian",
                  SpectrumLimits::parameters({samples_parameter(
                      0, "The loss on the first s training samples; 0: on all of them")}))
                  .cite("Liu, Zhu, Belkin, Loss landscapes and optimization in over-parameterized "
                        "non-linear systems and neural networks, ACHA 2022"))
