// SPDX-License-Identifier: MIT
#pragma once

#include "layer.hpp"

#include <onager/model.hpp>

#include <memory>

namespace onager::plugins::network {

using Node = std::size_t;  // 0 is the input of the network; each layer makes the next

/// A network: a directed acyclic graph of layers in an order in which each reads what is there. The
/// last node is the output. The flat parameters are those of the layers, one layer after the other.
class Graph {
 public:
  struct Step {
    std::unique_ptr<Layer> layer;
    std::vector<Node> inputs;
    std::int64_t first_parameter;
    std::int64_t parameters;
  };

  explicit Graph(std::int64_t features) : nodes_{{features, false, 0, false}} {}

  static constexpr Node input() { return 0; }
  Node last() const { return nodes_.size() - 1; }
  std::int64_t size(Node node) const { return nodes_[node].size; }

  /// Appends a layer and returns the node it makes. Its parameters are called name.w, name.b; w1,
  /// b1, w2, .. in the order of layers where there is no name.
  Node add(std::unique_ptr<Layer> layer, std::vector<Node> inputs, const std::string& name = "") {
    const std::int64_t first = parameters_;
    const auto blocks = layer->parameters();
    if (!blocks.empty()) ++layers_with_parameters_;
    for (const ParameterBlock& block : blocks) {
      parts_.push_back({name.empty() ? block.letter + std::to_string(layers_with_parameters_)
                                     : name + "." + block.letter,
                        parameters_, block.rows, block.cols});
      starts_.push_back(block.initial);
      parameters_ += block.rows * block.cols;
    }
    NodeFacts made{layer->size(), parameters_ > first, steps_.size(), false};
    for (const Node node : inputs) {
      nodes_[node].last_reader = steps_.size();
      nodes_[node].read_backwards |= layer->reads_inputs();
      made.learned |= nodes_[node].learned;
    }
    steps_.push_back({std::move(layer), std::move(inputs), first, parameters_ - first});
    nodes_.push_back(made);
    return last();
  }

  const std::vector<Step>& steps() const { return steps_; }
  std::int64_t parameters() const { return parameters_; }
  const std::vector<Part>& parts() const { return parts_; }

  /// Whether the node's values depend on parameters.
  bool learned(Node node) const { return nodes_[node].learned; }
  /// The last step that reads the node.
  std::size_t last_reader(Node node) const { return nodes_[node].last_reader; }
  /// Whether a layer needs the node's values for its cotangents.
  bool read_backwards(Node node) const { return nodes_[node].read_backwards; }

  /// w <- the start. Number i of w is number i of its law's stream, so that networks with the same
  /// parameters in the same order start alike.
  template <class T>
  void initialise(const Host& host, T* w) const {
    constexpr std::int64_t most = 1 << 16;
    for (std::size_t k = 0; k < parts_.size(); ++k) {
      const std::int64_t end = parts_[k].first + parts_[k].rows * parts_[k].cols;
      for (std::int64_t at = parts_[k].first; at < end; at += most) {
        const auto numbers = draw(host, starts_[k].law, at, std::min(most, end - at));
        for (std::size_t i = 0; i < numbers.size(); ++i)
          w[at + static_cast<std::int64_t>(i)] = static_cast<T>(starts_[k].scale * numbers[i]);
      }
    }
  }

  /// count numbers of a law, from number `first` of its stream on.
  static std::vector<double> draw(const Host& host, Law law, std::int64_t first,
                                  std::int64_t count) {
    const auto offset = static_cast<std::uint64_t>(first);
    if (law == Law::normal) return host.normal(0, offset, count);
    auto numbers = host.uniform(law == Law::uniform ? 1 : 2, offset, count);
    for (double& v : numbers) {
      if (law == Law::uniform) v = 2 * v - 1;
      else v = v < 0.5 ? -1 : 1;
    }
    return numbers;
  }

 private:
  struct NodeFacts {
    std::int64_t size;
    bool learned;
    std::size_t last_reader;
    bool read_backwards;
  };

  std::vector<Step> steps_;
  std::vector<NodeFacts> nodes_;
  std::vector<Part> parts_;
  std::vector<Initial> starts_;
  std::int64_t parameters_ = 0, layers_with_parameters_ = 0;
};

}  // namespace onager::plugins::network
