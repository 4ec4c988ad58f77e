// SPDX-License-Identifier: MIT
#pragma once

#include "../../common/network/activation_layer.hpp"
#include "../../common/network/combine.hpp"
#include "../../common/network/graph.hpp"
#include "../../common/network/sparse_affine.hpp"

#include <algorithm>
#include <set>

namespace onager::plugins::network {

/// A neuron and the neurons that it reads, in ascending order.
using Reads = std::vector<std::int32_t>;

/// A feed-forward network neuron by neuron. Neurons are numbered: 0 .. inputs - 1 are the inputs,
/// then come those of level after level; a neuron reads what has a lower level. The last level are
/// the outputs.
struct Neurons {
  std::int64_t inputs = 0;
  std::vector<std::vector<Reads>> levels;

  std::int64_t first(std::size_t level) const {
    std::int64_t number = inputs;
    for (std::size_t k = 0; k < level; ++k) number += size(k);
    return number;
  }
  std::int64_t size(std::size_t level) const {
    return static_cast<std::int64_t>(levels[level].size());
  }
  /// Of all neurons in their order, inputs left out.
  std::vector<std::int64_t> in_degrees() const {
    std::vector<std::int64_t> out;
    for (const auto& level : levels)
      for (const Reads& reads : level) out.push_back(static_cast<std::int64_t>(reads.size()));
    return out;
  }
};

/// What the layers of a neuron graph have in common.
struct NeuronOptions {
  Activation activation;
  Initial weights;
  bool bias;
  Scaling biases;
};

/// The network with one sparse layer a level, which reads the levels its neurons read and no other,
/// and an activation after each but the last.
inline Graph graph_of(const Neurons& neurons, const NeuronOptions& options) {
  Graph graph(neurons.inputs);
  std::vector<Node> nodes{Graph::input()};  // of the inputs, then of each level
  std::vector<std::int64_t> firsts{0};      // the number of the first neuron of each
  for (std::size_t level = 0; level < neurons.levels.size(); ++level) {
    const auto source_of = [&](std::int32_t neuron) {
      return static_cast<std::size_t>(std::upper_bound(firsts.begin(), firsts.end(), neuron) -
                                      firsts.begin() - 1);
    };
    std::set<std::size_t> read;
    for (const Reads& reads : neurons.levels[level])
      for (const std::int32_t u : reads) read.insert(source_of(u));
    std::vector<Node> inputs;
    std::vector<std::int64_t> sizes, column(nodes.size(), 0);
    std::int64_t columns = 0;
    for (const std::size_t source : read) {
      column[source] = columns;
      inputs.push_back(nodes[source]);
      sizes.push_back(graph.size(nodes[source]));
      columns += sizes.back();
    }
    Edges edges;
    for (const Reads& reads : neurons.levels[level]) {
      Reads at = reads;
      for (std::int32_t& u : at) {
        const std::size_t source = source_of(u);
        u = static_cast<std::int32_t>(u - firsts[source] + column[source]);
      }
      edges.add_neuron(at);
    }
    Node from = inputs[0];
    if (inputs.size() > 1) from = graph.add(std::make_unique<Concatenate>(sizes), inputs);
    Node made = graph.add(std::make_unique<SparseAffine>(columns, std::move(edges), options.weights,
                                                         options.bias, options.biases),
                          {from});
    if (level + 1 < neurons.levels.size())
      made = graph.add(std::make_unique<ActivationLayer>(neurons.size(level), options.activation),
                       {made});
    nodes.push_back(made);
    firsts.push_back(neurons.first(level));
  }
  return graph;
}

}  // namespace onager::plugins::network
