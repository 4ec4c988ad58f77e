// SPDX-License-Identifier: MIT
#pragma once

#include "neurons.hpp"

#include <cmath>
#include <numeric>

namespace onager::plugins::network {

struct RandomGraph {
  std::int64_t levels, width, in_degree;
  double spread, skip;
  std::int64_t thin_level, thin_width;  // level 0: none is thin
};

/// Draws a graph, the same for the same seed and options.
///
/// Level 1 reads all inputs. A neuron of a later level reads `in_degree` to (1 + spread) in_degree
/// neurons, the number uniform: a share `skip` of them of any level before the last one and of the
/// inputs, the others of the level before it. Outputs read the last level and every neuron that no
/// other reads. The thin level has thin_width neurons, which read all of the level before and what
/// nobody reads; later levels see nothing before it, so that all that they compute passes through
/// these neurons.
class NeuronDrawing {
 public:
  NeuronDrawing(const RandomGraph& options, const Host& host) : options_(options), host_(host) {}

  Neurons draw(std::int64_t inputs, std::int64_t outputs) {
    neurons_ = {inputs, {}};
    read_.assign(static_cast<std::size_t>(inputs), true);
    visible_ = 0;
    Reads all_inputs(static_cast<std::size_t>(inputs));
    std::iota(all_inputs.begin(), all_inputs.end(), 0);
    for (std::int64_t level = 1; level <= options_.levels; ++level) {
      const bool thin = level == options_.thin_level;
      std::vector<Reads> made;
      for (std::int64_t k = 0; k < (thin ? options_.thin_width : options_.width); ++k) {
        if (level == 1) made.push_back(all_inputs);
        else made.push_back(thin ? everything() : some(total() + k));
      }
      append(std::move(made));
      if (thin) visible_ = neurons_.first(static_cast<std::size_t>(level) - 1);
    }
    append(std::vector<Reads>(static_cast<std::size_t>(outputs), everything()));
    return std::move(neurons_);
  }

 private:
  enum Streams : std::uint64_t { degrees = 3, choices = 16 };

  std::int64_t total() const { return neurons_.first(neurons_.levels.size()); }
  std::int64_t last_first() const {
    return neurons_.levels.empty() ? 0 : neurons_.first(neurons_.levels.size() - 1);
  }

  void append(std::vector<Reads> level) {
    for (const Reads& reads : level)
      for (const std::int32_t u : reads) read_[static_cast<std::size_t>(u)] = true;
    read_.resize(read_.size() + level.size(), false);
    neurons_.levels.push_back(std::move(level));
  }

  /// The last level, and what nobody has read.
  Reads everything() const {
    Reads reads;
    for (std::int64_t u = visible_; u < total(); ++u)
      if (u >= last_first() || !read_[static_cast<std::size_t>(u)])
        reads.push_back(static_cast<std::int32_t>(u));
    return reads;
  }

  Reads some(std::int64_t neuron) const {
    const std::int64_t near = total() - last_first(), far = last_first() - visible_;
    const double most = std::floor((1 + options_.spread) * static_cast<double>(options_.in_degree));
    const double u = host_.uniform(degrees, static_cast<std::uint64_t>(neuron), 1)[0];
    const auto degree =
        options_.in_degree +
        static_cast<std::int64_t>(u * (most - static_cast<double>(options_.in_degree) + 1));
    std::int64_t skips = std::llround(options_.skip * static_cast<double>(degree));
    skips = std::min(skips, far);
    const std::int64_t direct = std::min(degree - skips, near);
    skips = std::min(degree - direct, far);
    const auto stream = choices + 2 * static_cast<std::uint64_t>(neuron);
    Reads reads;
    choose(stream, visible_, far, skips, reads);
    choose(stream + 1, last_first(), near, direct, reads);
    std::sort(reads.begin(), reads.end());
    return reads;
  }

  /// Appends `count` of the `of` neurons from `first` on.
  void choose(std::uint64_t stream, std::int64_t first, std::int64_t of, std::int64_t count,
              Reads& reads) const {
    if (count == 0) return;
    const auto order = host_.permutation(stream, of);
    for (std::int64_t k = 0; k < count; ++k)
      reads.push_back(static_cast<std::int32_t>(first + order[static_cast<std::size_t>(k)]));
  }

  RandomGraph options_;
  Host host_;
  Neurons neurons_;
  std::vector<bool> read_;    // of each neuron, whether another reads it
  std::int64_t visible_ = 0;  // the first neuron that later levels may read
};

}  // namespace onager::plugins::network
