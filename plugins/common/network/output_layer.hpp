// SPDX-License-Identifier: MIT
//
// The last layer of networks that end in a dense one.
#pragma once

#include "activation_layer.hpp"
#include "affine.hpp"
#include "graph.hpp"

namespace onager::plugins::network {

/// Dense output layer with its own start, and a function of the outputs.
class OutputLayer {
 public:
  explicit OutputLayer(const Config& c)
      : weights_(c.choice("output_weights")), activation_(c.choice("output_activation")) {}

  /// Appends the layer after `from`.
  void add(Graph& graph, Node from, std::int64_t outputs, const Parametrisation& p,
           const Host& host) const {
    const std::int64_t in = graph.size(from);
    const Law law = weights_ == "random" ? p.law() : Law::signs;
    Affine::Weights weights{outputs, in, p.weights(in, law)};
    if (weights_ == "fixed_signs") {
      weights.fixed = Graph::draw(host, Law::signs, 0, outputs * in);
      for (double& v : weights.fixed) v *= weights.scaling.initial.scale;
    } else if (p.bias()) {
      weights.biases = outputs;
      weights.bias_scaling = p.biases(in);
    }
    const Node f = graph.add(std::make_unique<Affine>(in, std::move(weights)), {from});
    if (!activation_.identity())
      graph.add(std::make_unique<ActivationLayer>(outputs, activation_), {f});
  }

  static std::vector<Parameter> parameters() {
    return {
        choice(
            "output_weights", {"random", "signs", "fixed_signs"}, "random",
            "Start of the output layer: random, as all others; signs: -1 or 1 in place of the law; "
            "fixed_signs: the same, not trained and without biases"),
        activation_parameter("output_activation", "identity", "Function of the outputs")};
  }

 private:
  std::string weights_;
  Activation activation_;
};

}  // namespace onager::plugins::network
