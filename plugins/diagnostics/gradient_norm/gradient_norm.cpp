// SPDX-License-Identifier: MIT
#include "../../common/network_run.hpp"

namespace {

using onager::Matrix;
using namespace onager::plugins;

/// |grad L|, and |grad_w f_l(x_i)| of the first s training samples and all outputs l: its mean and
/// largest. s c vjps of one sample.
class GradientNorm {
 public:
  GradientNorm(const onager::Config& c, const onager::Host& host)
      : host_(host), loss_(c.flag("loss")), samples_(c.integer("samples")) {}

  void observe(const onager::View& view) {
    const auto network = network_of(view, "gradient_norm");
    if (loss_) host_.emit("gradient_norm.loss", frobenius(array_of(view, "loss_gradient")));
    if (samples_ > 0)
      in_precision_of(network, [&](auto zero) { emit_outputs<decltype(zero)>(view, network); });
  }

 private:
  template <class T>
  void emit_outputs(const onager::View& view, const onager::Network& network) const {
    const std::int64_t count = std::min(samples_, network.samples()), c = network.outputs();
    const onager_array inputs = array_of(view, "network.inputs");
    std::vector<T> gradient(static_cast<std::size_t>(network.parameters()));
    double sum = 0, largest = 0;
    for (std::int64_t i = 0; i < count; ++i)
      for (std::int64_t l = 0; l < c; ++l) {
        std::vector<T> v(static_cast<std::size_t>(c));
        v[static_cast<std::size_t>(l)] = 1;
        Matrix<T> out(gradient.data(), network.parameters(), 1);
        network.vjp<T>(nullptr, Matrix<const T>(rows_of(inputs, i, 1)),
                       Matrix<const T>(v.data(), 1, c), &out, nullptr);
        const double norm = frobenius(out.array());
        sum += norm;
        largest = std::max(largest, norm);
      }
    host_.emit("gradient_norm.output", sum / static_cast<double>(count * c));
    if (count * c > 1) host_.emit("gradient_norm.output.largest", largest);
  }

  onager::Host host_;
  bool loss_;
  std::int64_t samples_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.gradient_norm", "1.0.0", "MIT",
              onager::diagnostic<GradientNorm>(
                  "gradient_norm",
                  "Norm of the loss's gradient and of those of the outputs in the parameters",
                  {onager::flag("loss", true, "The gradient of the training loss"),
                   samples_parameter(1,
                                     "Gradients of the outputs at the first s training "
                                     "samples; 0: none")}))
