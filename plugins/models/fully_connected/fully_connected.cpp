// SPDX-License-Identifier: MIT
#include "../../common/network/network_model.hpp"
#include "../../common/network/output_layer.hpp"

namespace {

using namespace onager::plugins::network;
using onager::Config;
using onager::Error;
using onager::Host;

/// f(x) = s_out(L_k s(L_{k-1} .. s(L_1 x))), L_i dense layers in a Parametrisation.
///
/// Source: in the tangent parametrisation, Jacot, Gabriel, Hongler 2018, section 2 (there with a
/// bias_scale beta).
class FullyConnected {
 public:
  FullyConnected(const Config& c, const Host& host)
      : host_(host),
        widths_(c.integers("widths")),
        activation_(c.choice("activation")),
        parametrisation_(c),
        output_(c) {
    if (widths_.empty()) widths_.assign(static_cast<std::size_t>(c.integer("depth")), 0);
    for (auto& width : widths_)
      if (width == 0) width = c.integer("width");
  }

  Graph graph(std::int64_t features, std::int64_t outputs) const {
    Graph g(features);
    Node at = Graph::input();
    for (const std::int64_t width : widths_) {
      at = g.add(std::make_unique<Affine>(g.size(at), width, parametrisation_), {at});
      at = g.add(std::make_unique<ActivationLayer>(width, activation_), {at});
    }
    output_.add(g, at, outputs, parametrisation_, host_);
    return g;
  }

 private:
  Host host_;
  std::vector<std::int64_t> widths_;
  Activation activation_;
  Parametrisation parametrisation_;
  OutputLayer output_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.fully_connected", "1.0.0", "MIT",
    network_model<FullyConnected>(
        "fully_connected", "Fully connected network of any depth and widths",
        {{onager::integers("widths",
                           "Neurons of each hidden layer, 0 standing for width; left out: depth "
                           "layers of width")
              .at_least(0),
          onager::integer("width", 128, "Neurons of the hidden layers that widths leaves to it")
              .at_least(1),
          onager::integer("depth", 1, "Hidden layers where widths is left out").at_least(0),
          activation_parameter("activation", "relu", "Function of each hidden neuron")},
         Parametrisation::parameters(),
         OutputLayer::parameters()})
        .cite("Jacot, Gabriel, Hongler, Neural tangent kernel: convergence and generalization in "
              "neural networks, NeurIPS 2018"))
