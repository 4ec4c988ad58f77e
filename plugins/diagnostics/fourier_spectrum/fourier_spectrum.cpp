// SPDX-License-Identifier: MIT
#include "fourier.hpp"

namespace {

using onager::Table;

/// Two-dimensional spectrum of the block that couples the first two feature groups, in circulant
/// order and less its mean. A circulant block has it all on one wrapped diagonal: the transform
/// diagonalises it. The array holds the magnitudes of the last round.
class FourierSpectrum {
 public:
  FourierSpectrum(const onager::Config& c, const onager::Host& host)
      : host_(host), reader_("fourier_spectrum", c, host) {}

  void observe(const onager::View& view) {
    const auto block = reader_.read(view);
    const Table centered = onager::plugins::less_mean(block.values);
    bool constant = true;
    for (const double v : centered.values) constant = constant && v == 0;
    if (constant) return;
    Table magnitudes = onager::plugins::fourier_magnitudes(centered);
    magnitudes(0, 0) = 0;  // rounding
    const auto share = onager::plugins::line_share(magnitudes, block.lines);
    if (share) host_.emit("fourier_share", *share);
    host_.emit("fourier_spectrum", magnitudes.view().array());
  }

 private:
  onager::Host host_;
  onager::plugins::CouplingBlockReader reader_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.fourier_spectrum", "1.0.0", "MIT",
    onager::diagnostic<FourierSpectrum>(
        "fourier_spectrum",
        "Discrete Fourier transform of the block that couples two feature groups, and its share "
        "on the line of circulants",
        onager::plugins::CouplingBlockReader::parameters())
        .cite("Mallinar, Beaglehole, Zhu, Radhakrishnan, Pandit, Belkin, Emergence in non-neural "
              "models: grokking modular arithmetic via average gradient outer product, ICML 2025"))
