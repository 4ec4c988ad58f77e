// SPDX-License-Identifier: MIT
#include "circulant.hpp"

namespace {

/// Circulant deviation of the block that couples the first two feature groups: rows of the second,
/// columns of the first. A block of zeros, such as the identity has in round 0, gives no value. The
/// array is the block of the last round, its rows and columns in circulant order.
class CirculantDeviation {
 public:
  CirculantDeviation(const onager::Config& c, const onager::Host& host)
      : host_(host), reader_("circulant_deviation", c, host) {}

  void observe(const onager::View& view) {
    const auto block = reader_.read(view);
    const auto deviation = onager::plugins::circulant_deviation(block.values, block.lines);
    if (deviation) host_.emit("circulant_deviation", *deviation);
    host_.emit("coupling_block", block.values.view().array());
  }

 private:
  onager::Host host_;
  onager::plugins::CouplingBlockReader reader_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.circulant_deviation", "1.0.0", "MIT",
    onager::diagnostic<CirculantDeviation>(
        "circulant_deviation",
        "Distance of the block that couples two feature groups from a circulant; no value for "
        "zeros",
        onager::plugins::CouplingBlockReader::parameters())
        .cite("Mallinar, Beaglehole, Zhu, Radhakrishnan, Pandit, Belkin, Emergence in non-neural "
              "models: grokking modular arithmetic via average gradient outer product, ICML 2025"))
