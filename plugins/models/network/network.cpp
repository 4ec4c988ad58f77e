// SPDX-License-Identifier: MIT
#include "../../common/network/network_model.hpp"
#include "network_builder.hpp"

namespace {

using namespace onager::plugins::network;
using onager::Config;
using onager::Error;
using onager::Host;

/// A network written line by line, for what the other models are too special for. Layers with
/// parameters follow a Parametrisation; their parameters are called as their lines: h1.w, h1.b.
class Network {
 public:
  Network(const Config& c, const Host&) : parametrisation_(c), width_(c.integer("width")) {
    const auto texts = c.texts("layers");
    if (texts.empty())
      throw Error(ONAGER_INVALID, "layers is empty; [\"f = affine(x, outputs)\"] is a network");
    for (std::size_t i = 0; i < texts.size(); ++i) lines_.emplace_back(texts[i], i + 1);
  }

  Graph graph(std::int64_t features, std::int64_t outputs) const {
    NetworkBuilder builder(parametrisation_, {features, outputs, width_});
    for (const LayerLine& line : lines_) builder.add(line);
    return builder.finish(outputs);
  }

 private:
  Parametrisation parametrisation_;
  std::int64_t width_;
  std::vector<LayerLine> lines_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.network", "1.0.0", "MIT",
    network_model<Network>(
        "network", "Network of any layers, written line by line",
        {{onager::texts("layers",
                        "Lines such as \"h = affine(x, width)\", \"a = relu(h)\", \"s = sum(a, "
                        "h)\", \"f = affine(s, outputs)\"; x is the input, the last line the "
                        "output. Layers: affine, convolution, image, average_pool, max_pool, sum, "
                        "concatenate, scale and the activations"),
          onager::integer("width", 128, "What `width` stands for in the lines").at_least(1)},
         Parametrisation::parameters()}))
