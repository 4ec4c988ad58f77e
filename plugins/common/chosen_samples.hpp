// SPDX-License-Identifier: MIT
//
// Gradient outer products over some of the training samples.
#pragma once

#include <onager/feature_map.hpp>

#include <algorithm>

namespace onager::plugins {

/// The average gradient outer product over `samples` training samples, uniformly without
/// replacement, others in each round; over all of them for 0 or more than there are.
inline Table agop_of_some(const Learning& predictor, std::uint32_t flags, std::int64_t samples) {
  if (samples == 0 || samples >= predictor.samples()) return predictor.agop(flags);
  auto chosen = predictor.host().permutation(static_cast<std::uint64_t>(predictor.round()),
                                             predictor.samples());
  chosen.resize(static_cast<std::size_t>(samples));
  std::sort(chosen.begin(), chosen.end());
  return predictor.agop_of(flags, chosen);
}

}  // namespace onager::plugins
