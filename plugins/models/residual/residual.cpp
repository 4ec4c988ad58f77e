// SPDX-License-Identifier: MIT
#include "../../common/network/combine.hpp"
#include "../../common/network/network_model.hpp"
#include "../../common/network/output_layer.hpp"

namespace {

using namespace onager::plugins::network;
using onager::Config;
using onager::Host;

/// Fully connected network with skip connections:
///
///   h_0 = s(L_0 x),  h_k = h_{k-1} + branch_scale s(L_k h_{k-1}) for k = 1 .. depth,  f = L
///   h_depth
///
/// with dense layers L in a Parametrisation. Source: Liu, Zhu, Belkin 2020, section 3.2, of the
/// networks of He, Zhang, Ren, Sun 2016.
class Residual {
 public:
  Residual(const Config& c, const Host& host)
      : host_(host),
        depth_(c.integer("depth")),
        width_(c.integer("width")),
        branch_scale_(c.real("branch_scale")),
        activation_(c.choice("activation")),
        parametrisation_(c),
        output_(c) {}

  Graph graph(std::int64_t features, std::int64_t outputs) const {
    Graph g(features);
    Node h = layer(g, Graph::input());
    for (std::int64_t k = 0; k < depth_; ++k) {
      const Node branch = layer(g, h);
      h = g.add(std::make_unique<Sum>(width_, std::vector<double>{1, branch_scale_}), {h, branch});
    }
    output_.add(g, h, outputs, parametrisation_, host_);
    return g;
  }

 private:
  Node layer(Graph& g, Node from) const {
    const Node z = g.add(std::make_unique<Affine>(g.size(from), width_, parametrisation_), {from});
    return g.add(std::make_unique<ActivationLayer>(width_, activation_), {z});
  }

  Host host_;
  std::int64_t depth_, width_;
  double branch_scale_;
  Activation activation_;
  Parametrisation parametrisation_;
  OutputLayer output_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.residual", "1.0.0", "MIT",
    network_model<Residual>(
        "residual", "Fully connected network with a skip connection around each layer",
        {{onager::integer("width", 128, "Neurons of each hidden layer").at_least(1),
          onager::integer("depth", 3, "Layers with a skip connection, after a first one without")
              .at_least(0),
          onager::real("branch_scale", 1.0, "Factor of what a layer adds to its input"),
          activation_parameter("activation", "relu", "Function of each hidden neuron")},
         Parametrisation::parameters(),
         OutputLayer::parameters()})
        .cite("He, Zhang, Ren, Sun, Deep residual learning for image recognition, CVPR 2016"))
