// SPDX-License-Identifier: MIT
//
// Which samples each step of a stochastic optimizer takes.
#pragma once

#include <onager/plugin.hpp>

#include <algorithm>
#include <vector>

namespace onager::plugins {

/// Passes over n samples (epochs) in batches of b: ceil(n / b) steps each, the last of which takes
/// what is left. The order of epoch e is the host's random permutation of stream e: it depends on
/// the run's seed and e alone, so that a run which goes on needs no more than the step's number.
/// With b = 0 or b >= n every step takes all samples.
class Batches {
 public:
  Batches(const Host& host, std::int64_t batch_size) : host_(host), wanted_(batch_size) {}

  void begin(std::int64_t samples) {
    samples_ = samples;
    size_ = wanted_ == 0 ? samples : std::min(wanted_, samples);
    epoch_ = -1;
  }
  std::int64_t steps_per_epoch() const { return (samples_ + size_ - 1) / size_; }

  /// The samples of a step, valid until the next call; NULL: all.
  const std::vector<std::int64_t>* at(std::int64_t step) {
    if (size_ == samples_) return nullptr;
    const std::int64_t epoch = step / steps_per_epoch();
    if (epoch != epoch_) {
      order_ = host_.permutation(static_cast<std::uint64_t>(epoch), samples_);
      epoch_ = epoch;
    }
    const std::int64_t first = step % steps_per_epoch() * size_;
    batch_.assign(order_.begin() + first, order_.begin() + std::min(first + size_, samples_));
    return &batch_;
  }

 private:
  Host host_;
  std::int64_t wanted_, samples_ = 0, size_ = 0, epoch_ = -1;
  std::vector<std::int64_t> order_, batch_;
};

}  // namespace onager::plugins
