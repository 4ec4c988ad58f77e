// SPDX-License-Identifier: MIT
#pragma once

#include "../../common/network/activation_layer.hpp"
#include "../../common/network/affine.hpp"
#include "../../common/network/combine.hpp"
#include "../../common/network/convolution.hpp"
#include "../../common/network/graph.hpp"
#include "../../common/network/pooling.hpp"
#include "layer_line.hpp"

#include <charconv>
#include <map>
#include <optional>

namespace onager::plugins::network {

/// Makes the layers of a network line by line. A name stands for what its line made; x is the
/// input; features, outputs and width stand for numbers.
class NetworkBuilder {
 public:
  struct Numbers {
    std::int64_t features, outputs, width;
  };

  NetworkBuilder(const Parametrisation& parametrisation, const Numbers& numbers)
      : parametrisation_(parametrisation),
        numbers_{
            {"features", numbers.features}, {"outputs", numbers.outputs}, {"width", numbers.width}},
        graph_(numbers.features) {
    made_["x"] = {Graph::input(), std::nullopt, true};
  }

  void add(const LayerLine& line) {
    line_ = &line;
    options_.clear();
    values_.clear();
    for (const auto& argument : line.arguments()) {
      if (!argument.option.text.empty()) options_[argument.option.text] = argument;
      else if (options_.empty()) values_.push_back(argument.value);
      else line.refuse(argument.value, "an argument without a name comes before those with one");
    }
    const std::string& name = line.name().text;
    if (made_.count(name) > 0 || numbers_.count(name) > 0)
      line.refuse(line.name(), "the name '" + name + "' is taken");
    made_[name] = make(line.operation());
    last_ = name;
  }

  /// The network, once all lines are there.
  Graph finish(std::int64_t outputs) {
    for (const auto& [name, made] : made_)
      if (!made.read && name != last_)
        throw Error(ONAGER_INVALID, "layers: no line reads '" + name + "'");
    if (graph_.size(graph_.last()) != outputs)
      line_->refuse(line_->name(), "the last line makes " +
                                       std::to_string(graph_.size(graph_.last())) +
                                       " numbers where the dataset has " + std::to_string(outputs) +
                                       " outputs; end with affine(.., outputs)");
    return std::move(graph_);
  }

 private:
  struct Made {
    Node node = 0;
    std::optional<Image> image = std::nullopt;
    bool read = false;
  };
  struct Operation {
    Made (NetworkBuilder::*make)();
    std::vector<std::string> options = {};
  };

  static const std::map<std::string, Operation>& operations() {
    using B = NetworkBuilder;
    static const std::map<std::string, Operation> all = {
        {"affine", {&B::affine}},
        {"average_pool", {&B::average_pool, {"stride"}}},
        {"concatenate", {&B::concatenate}},
        {"convolution", {&B::convolution, {"kernel", "stride", "padding"}}},
        {"image", {&B::image, {"channels", "channels_first"}}},
        {"max_pool", {&B::max_pool, {"stride"}}},
        {"scale", {&B::scale}},
        {"sum", {&B::sum}}};
    return all;
  }

  Made make(const LayerLine::Word& operation) {
    const auto found = operations().find(operation.text);
    check_options(found == operations().end() ? std::vector<std::string>() : found->second.options);
    if (found != operations().end()) return (this->*found->second.make)();
    std::vector<std::string> names;
    for (const auto& row : operations()) names.push_back(row.first);
    for (const char* name : Activation::names()) {
      if (operation.text == name) return activation(Activation(name));
      names.emplace_back(name);
    }
    line_->refuse(operation,
                  "there is no layer '" + operation.text + "'" + nearest(operation.text, names));
  }
  void check_options(const std::vector<std::string>& known) const {
    for (const auto& [name, argument] : options_)
      if (std::find(known.begin(), known.end(), name) == known.end())
        line_->refuse(argument.option, "'" + line_->operation().text + "' has no option '" + name +
                                           "'" + nearest(name, known));
  }

  // ---- arguments

  [[noreturn]] void misused(const char* usage) const {
    line_->refuse(line_->operation(), std::string("this is written ") + usage);
  }
  void need(std::size_t least, std::size_t most, const char* usage) const {
    if (values_.size() < least || values_.size() > most) misused(usage);
  }

  Made& value(const LayerLine::Word& word) {
    const auto found = made_.find(word.text);
    if (found == made_.end()) {
      std::vector<std::string> names;
      for (const auto& entry : made_) names.push_back(entry.first);
      line_->refuse(word, "no line before makes '" + word.text + "'" + nearest(word.text, names));
    }
    found->second.read = true;
    return found->second;
  }
  const Image& image_of(const LayerLine::Word& word) {
    const Made& made = value(word);
    if (!made.image)
      line_->refuse(word, "'" + word.text + "' is no image; write image(" + word.text +
                              ", height, width, channels) before");
    return *made.image;
  }
  /// The number that a word is.
  template <class T>
  static std::optional<T> read(const std::string& text) {
    T value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  }
  std::int64_t number(const LayerLine::Word& word) const {
    const auto found = numbers_.find(word.text);
    if (found != numbers_.end()) return found->second;
    const auto value = read<std::int64_t>(word.text);
    if (!value || *value < 0)
      line_->refuse(word, "a whole number, features, outputs or width was expected");
    return *value;
  }
  std::int64_t positive(const LayerLine::Word& word) const {
    const std::int64_t value = number(word);
    if (value < 1) line_->refuse(word, "a number of at least 1 was expected");
    return value;
  }
  std::int64_t option(const std::string& name, std::int64_t otherwise) const {
    const auto found = options_.find(name);
    return found == options_.end() ? otherwise : number(found->second.value);
  }

  /// Places a layer that makes an image.
  template <class L>
  Made place(std::unique_ptr<L> layer, const LayerLine::Word& from, const Image& in,
             const Windows& windows) {
    if (windows.over(in, 1).size() == 0)
      line_->refuse(from, "a window of " + std::to_string(windows.size) +
                              " pixels does not fit into an image of " + std::to_string(in.height) +
                              " x " + std::to_string(in.width));
    const Image out = layer->image();
    return {graph_.add(std::move(layer), {value(from).node}, line_->name().text), out};
  }

  // ---- operations

  Made affine() {
    need(2, 2, "affine(values, width)");
    const Node from = value(values_[0]).node;
    auto layer =
        std::make_unique<Affine>(graph_.size(from), positive(values_[1]), parametrisation_);
    return {graph_.add(std::move(layer), {from}, line_->name().text)};
  }

  Made convolution() {
    need(2, 2, "convolution(image, channels, kernel = 3, stride = 1, padding = 0)");
    const Image in = image_of(values_[0]);
    const Windows windows{std::max<std::int64_t>(1, option("kernel", 3)),
                          std::max<std::int64_t>(1, option("stride", 1)), option("padding", 0)};
    return place(std::make_unique<Convolution>(in, positive(values_[1]), windows, parametrisation_),
                 values_[0], in, windows);
  }

  Made average_pool() { return pool(Pool::average, "average_pool(image, size, stride = size)"); }
  Made max_pool() { return pool(Pool::largest, "max_pool(image, size, stride = size)"); }
  Made pool(Pool kind, const char* usage) {
    need(2, 2, usage);
    const Image in = image_of(values_[0]);
    const std::int64_t size = positive(values_[1]);
    const Windows windows{size, std::max<std::int64_t>(1, option("stride", size)), 0};
    return place(std::make_unique<Pooling>(in, kind, windows), values_[0], in, windows);
  }

  Made image() {
    need(3, 4, "image(values, height, width, channels = 1, channels_first = 0)");
    const Made& from = value(values_[0]);
    Image image{positive(values_[1]), positive(values_[2]), 1, false};
    if (values_.size() > 3) image.channels = positive(values_[3]);
    image.channels = option("channels", image.channels);
    image.channels_first = option("channels_first", 0) != 0;
    if (image.size() != graph_.size(from.node))
      line_->refuse(values_[0], "'" + values_[0].text + "' has " +
                                    std::to_string(graph_.size(from.node)) + " numbers, not " +
                                    std::to_string(image.size()));
    return {from.node, image};
  }

  Made activation(const Activation& function) {
    if (values_.size() != 1) misused((std::string(function.name()) + "(values)").c_str());
    const Made from = value(values_[0]);
    return {graph_.add(std::make_unique<ActivationLayer>(graph_.size(from.node), function),
                       {from.node}),
            from.image};
  }

  Made sum() {
    if (values_.size() < 2) misused("sum(values, values, ..)");
    std::vector<Node> nodes;
    for (const auto& word : values_) {
      nodes.push_back(value(word).node);
      if (graph_.size(nodes.back()) != graph_.size(nodes.front()))
        line_->refuse(word, "'" + word.text + "' has " + std::to_string(graph_.size(nodes.back())) +
                                " numbers and '" + values_[0].text + "' " +
                                std::to_string(graph_.size(nodes.front())));
    }
    const auto image = value(values_[0]).image;
    return {graph_.add(std::make_unique<Sum>(graph_.size(nodes.front()),
                                             std::vector<double>(nodes.size(), 1.0)),
                       nodes),
            image};
  }

  Made concatenate() {
    if (values_.size() < 2) misused("concatenate(values, values, ..)");
    std::vector<Node> nodes;
    std::vector<std::int64_t> sizes;
    for (const auto& word : values_) {
      nodes.push_back(value(word).node);
      sizes.push_back(graph_.size(nodes.back()));
    }
    return {graph_.add(std::make_unique<Concatenate>(sizes), nodes)};
  }

  Made scale() {
    need(2, 2, "scale(values, factor)");
    const Made from = value(values_[0]);
    const auto factor = read<double>(values_[1].text);
    if (!factor) line_->refuse(values_[1], "a number was expected");
    return {graph_.add(std::make_unique<Sum>(graph_.size(from.node), std::vector<double>{*factor}),
                       {from.node}),
            from.image};
  }

  Parametrisation parametrisation_;
  std::map<std::string, std::int64_t> numbers_;
  Graph graph_;
  std::map<std::string, Made> made_;
  std::string last_;

  // of the line at hand
  const LayerLine* line_ = nullptr;
  std::vector<LayerLine::Word> values_;
  std::map<std::string, LayerLine::Argument> options_;
};

}  // namespace onager::plugins::network
