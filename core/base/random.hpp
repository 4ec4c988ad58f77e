// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace onager::host {

/// Counter-based random numbers: a function of (key, stream, index) with no state, so that they do
/// not depend on threads or on the order of calls.
///
/// Philox4x32 with 10 rounds. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011.
class RandomStreams {
 public:
  /// The key mixes the run's seed with a name, such as the component's place in the pipeline.
  RandomStreams(std::uint64_t seed, std::string_view name);

  void bits(std::uint64_t stream, std::uint64_t offset, std::int64_t count,
            std::uint64_t* out) const;
  /// Uniform on [0, 1), multiples of 2^-53.
  void uniform(std::uint64_t stream, std::uint64_t offset, std::int64_t count, double* out) const;
  /// Standard normal by the Box-Muller transform; element i uses counter i / 2.
  void normal(std::uint64_t stream, std::uint64_t offset, std::int64_t count, double* out) const;
  /// A uniformly random order of 0 .. count - 1 (Fisher-Yates with rejection, so without bias).
  void permutation(std::uint64_t stream, std::int64_t count, std::int64_t* out) const;

 private:
  std::uint64_t key_;
};

/// Four 32-bit words of Philox4x32-10 for a counter and key: known answers are tested.
struct PhiloxBlock {
  std::uint32_t words[4];
};
PhiloxBlock philox(PhiloxBlock counter, std::uint32_t key0, std::uint32_t key1);

}  // namespace onager::host
