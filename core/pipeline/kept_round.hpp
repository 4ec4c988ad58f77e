// SPDX-License-Identifier: MIT
#pragma once

#include "results/npy.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace onager::host {

/// How well a round predicts its validation samples.
struct ValidationScore {
  double accuracy = 0;  // 0 where targets are no classes
  double mse = 0;

  /// More right answers; of as many, a smaller error.
  bool better_than(const ValidationScore& other) const;
};

/// The best round so far by its validation samples, the first of equals, and what was learned in
/// it.
class KeptRound {
 public:
  /// Whether the round is the best so far; then the arrays take the place of those kept.
  bool offer(std::int64_t round, const ValidationScore& score,
             std::map<std::string, NpyArray> arrays);

  bool empty() const { return round_ < 0; }
  std::int64_t round() const { return round_; }
  const std::map<std::string, NpyArray>& arrays() const { return arrays_; }

  /// All of it as arrays, for a checkpoint.
  std::map<std::string, NpyArray> state() const;
  void restore(std::map<std::string, NpyArray> state);

 private:
  std::int64_t round_ = -1;
  ValidationScore score_;
  std::map<std::string, NpyArray> arrays_;
};

}  // namespace onager::host
