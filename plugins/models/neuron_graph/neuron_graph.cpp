// SPDX-License-Identifier: MIT
#include "../../common/network/network_model.hpp"
#include "edge_list.hpp"
#include "random_neurons.hpp"

namespace {

using namespace onager::plugins::network;
using onager::Config;
using onager::Error;
using onager::Host;

/// A feed-forward network on any directed acyclic graph of neurons:
///
///   f_v = s((1/sqrt(in-degree v)) sum over edges u -> v of w_uv f_u + bias_scale b_v)
///
/// s the identity for inputs and outputs, weights N(0, initial_scale²) and biases N(0, 1) at the
/// start. Parameters are level by level, w1, b1, w2, ..: of each neuron in turn the weights of its
/// edges in the order of the neurons that it reads. With in_degree = width, skip = 0 and no thin
/// level it is the fully connected network in the tangent parametrisation, with the same
/// parameters.
///
/// Source: Liu, Zhu, Belkin, NeurIPS 2022, equations 2 and 3.
class NeuronGraph {
 public:
  NeuronGraph(const Config& c, const Host& host)
      : host_(host),
        random_{c.integer("levels"),    c.integer("width"), c.integer("in_degree"),
                c.real("spread"),       c.real("skip"),     c.integer("thin_level"),
                c.integer("thin_width")},
        options_{Activation(c.choice("activation")),
                 {Law::normal, c.real("initial_scale")},
                 c.flag("bias"),
                 {c.real("bias_scale"), {Law::normal, 1}}} {
    if (!c.path("edges").empty()) list_ = std::make_unique<EdgeList>(c.path("edges"));
    if (random_.width == 0) random_.width = 2 * random_.in_degree;
    if (random_.in_degree > random_.width)
      throw Error(ONAGER_INVALID, "in_degree = " + std::to_string(random_.in_degree) +
                                      " is more than the " + std::to_string(random_.width) +
                                      " neurons of a level; set width to at least as many");
    if (random_.thin_level > random_.levels)
      throw Error(ONAGER_INVALID, "thin_level = " + std::to_string(random_.thin_level) +
                                      " is past the last of " + std::to_string(random_.levels) +
                                      " levels");
  }

  Graph graph(std::int64_t features, std::int64_t outputs) {
    const Neurons neurons = list_ ? list_->neurons(features, outputs)
                                  : NeuronDrawing(random_, host_).draw(features, outputs);
    report(neurons);
    return graph_of(neurons, options_);
  }

  std::vector<onager::NamedTable> facts() {
    return {{"in_degrees", "How many neurons each neuron reads, level by level", &in_degrees_,
             ONAGER_INT64}};
  }

 private:
  void report(const Neurons& neurons) {
    const auto degrees = neurons.in_degrees();
    in_degrees_ = onager::Table(static_cast<std::int64_t>(degrees.size()), 1);
    std::int64_t edges = 0;
    for (std::size_t v = 0; v < degrees.size(); ++v) {
      in_degrees_.values[v] = static_cast<double>(degrees[v]);
      edges += degrees[v];
    }
    // the least in-degree is that of neurons past the first level
    const auto later = neurons.levels.size() > 1 ? neurons.size(0) : 0;
    host_.info(std::to_string(degrees.size()) + " neurons in " +
               std::to_string(neurons.levels.size()) + " levels, " + std::to_string(edges) +
               " edges, least in-degree " +
               std::to_string(*std::min_element(degrees.begin() + later, degrees.end())) +
               " past the first level");
  }

  Host host_;
  RandomGraph random_;
  NeuronOptions options_;
  std::unique_ptr<EdgeList> list_;
  onager::Table in_degrees_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.neuron_graph", "1.0.0", "MIT",
    network_model<NeuronGraph>(
        "neuron_graph", "Network on a directed acyclic graph of neurons, random or from a file",
        {{onager::integer("levels", 3, "Levels of hidden neurons").at_least(1),
          onager::integer("in_degree", 64,
                          "Least number of neurons that a neuron reads, past the "
                          "first level, which reads all inputs")
              .at_least(1),
          onager::integer("width", 0, "Neurons of a level; 0: twice in_degree").at_least(0),
          onager::real("spread", 0.0,
                       "In-degrees are uniform between in_degree and (1 + spread) in_degree")
              .at_least(0),
          onager::real("skip", 0.25,
                       "Share of what a neuron reads that is of levels before the last one")
              .at_least(0)
              .at_most(1),
          onager::integer("thin_level", 0,
                          "A level with thin_width neurons that all later ones depend on; 0: none")
              .at_least(0),
          onager::integer("thin_width", 1, "Neurons of the thin level").at_least(1),
          onager::path("edges",
                       "A file in place of a random graph, one edge a line: the neuron read, the "
                       "neuron that reads; x1, x2, .. are inputs, f1, f2, .. outputs"),
          activation_parameter("activation", "tanh", "Function of each hidden neuron"),
          onager::real("initial_scale", 1.0, "Standard deviation of the initial weights").above(0),
          onager::flag("bias", false, "Whether neurons have biases"),
          onager::real("bias_scale", 1.0, "Factor of the biases").above(0)}})
        .cite("Liu, Zhu, Belkin, Transition to linearity of general neural networks with directed "
              "acyclic graph architecture, NeurIPS 2022"))
