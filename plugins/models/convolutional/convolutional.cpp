// SPDX-License-Identifier: MIT
#include "../../common/network/convolution.hpp"
#include "../../common/network/image_parameters.hpp"
#include "../../common/network/network_model.hpp"
#include "../../common/network/output_layer.hpp"
#include "../../common/network/pooling.hpp"

#include <optional>

namespace {

using namespace onager::plugins::network;
using onager::Config;
using onager::Error;
using onager::Host;

/// Convolutions, each with an activation and then, where wanted, pooling; a dense output layer over
/// all that is left, or over the mean of each channel:
///
///   a_k = pool(s(C_k a_{k-1})),  f = L a_depth
///
/// A convolution with kernel k over c channels has fan-in k² c. In the tangent parametrisation this
/// is the network of Arora, Du, Hu, Li, Salakhutdinov, Wang 2019 up to constants.
class Convolutional {
 public:
  Convolutional(const Config& c, const Host& host)
      : host_(host),
        image_(c),
        channels_(c.integers("channels")),
        windows_{c.integer("kernel_size"), c.integer("stride"), c.integer("padding")},
        pool_{c.integer("pool_size"), c.integer("pool_size"), 0},
        mean_of_channels_(c.flag("mean_of_channels")),
        activation_(c.choice("activation")),
        parametrisation_(c),
        output_(c) {
    if (channels_.empty()) channels_.assign(static_cast<std::size_t>(c.integer("depth")), 0);
    for (auto& channels : channels_)
      if (channels == 0) channels = c.integer("width");
    if (c.choice("pooling") == "average") pooling_ = Pool::average;
    if (c.choice("pooling") == "max") pooling_ = Pool::largest;
  }

  Graph graph(std::int64_t features, std::int64_t outputs) const {
    Graph g(features);
    Node at = Graph::input();
    Image image = image_.of(features);
    for (const std::int64_t filters : channels_) {
      require_room(image, windows_, "kernel_size");
      auto layer = std::make_unique<Convolution>(image, filters, windows_, parametrisation_);
      image = layer->image();
      at = g.add(std::move(layer), {at});
      at = g.add(std::make_unique<ActivationLayer>(image.size(), activation_), {at});
      if (pooling_) at = pool(g, at, *pooling_, pool_, "pool_size", image);
    }
    if (mean_of_channels_) {
      if (image.height != image.width)
        throw Error(ONAGER_INVALID, "mean_of_channels: the last images are " + text(image) +
                                        " pixels, and square ones are needed");
      at = pool(g, at, Pool::average, {image.height, 1, 0}, "mean_of_channels", image);
    }
    output_.add(g, at, outputs, parametrisation_, host_);
    return g;
  }

 private:
  static std::string text(const Image& image) {
    return std::to_string(image.height) + " x " + std::to_string(image.width);
  }
  static void require_room(const Image& image, const Windows& windows, const char* name) {
    if (windows.over(image, 1).size() == 0)
      throw Error(ONAGER_INVALID,
                  std::string(name) + ": a window of " + std::to_string(windows.size) + " x " +
                      std::to_string(windows.size) + " pixels does not fit into an image of " +
                      text(image) + "; use fewer layers, padding or less pooling");
  }
  static Node pool(Graph& g, Node from, Pool kind, const Windows& windows, const char* name,
                   Image& image) {
    require_room(image, windows, name);
    auto layer = std::make_unique<Pooling>(image, kind, windows);
    image = layer->image();
    return g.add(std::move(layer), {from});
  }

  Host host_;
  ImageParameters image_;
  std::vector<std::int64_t> channels_;
  Windows windows_, pool_;
  std::optional<Pool> pooling_;
  bool mean_of_channels_;
  Activation activation_;
  Parametrisation parametrisation_;
  OutputLayer output_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.convolutional", "1.0.0", "MIT",
    network_model<Convolutional>(
        "convolutional", "Convolutional network with a dense output layer",
        {ImageParameters::parameters(),
         {onager::integers("channels",
                           "Channels that each convolution makes, 0 standing for width; left out: "
                           "depth convolutions of width")
              .at_least(0),
          onager::integer("width", 32, "Channels of the convolutions that channels leaves to it")
              .at_least(1),
          onager::integer("depth", 2, "Convolutions where channels is left out").at_least(1),
          onager::integer("kernel_size", 3, "Side of the window of a convolution, in pixels")
              .at_least(1),
          onager::integer("stride", 1, "Pixels from one window of a convolution to the next")
              .at_least(1),
          onager::integer("padding", 0, "Zeros around the image of a convolution").at_least(0),
          onager::choice("pooling", {"none", "average", "max"}, "none",
                         "What follows each activation: the mean or the largest of each window"),
          onager::integer("pool_size", 2, "Side of the pooling windows, which do not overlap")
              .at_least(1),
          onager::flag("mean_of_channels", false,
                       "Whether the output layer reads the mean of each channel in place of all "
                       "pixels"),
          activation_parameter("activation", "relu", "Function of each hidden number")},
         Parametrisation::parameters(),
         OutputLayer::parameters()})
        .cite("Arora, Du, Hu, Li, Salakhutdinov, Wang, On exact computation with an infinitely "
              "wide neural net, NeurIPS 2019"))
