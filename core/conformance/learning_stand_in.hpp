// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/guarded_array.hpp"
#include "conformance/trial.hpp"

#include <onager/abi.h>

#include <memory>
#include <vector>

namespace onager::host::conformance {

/// What a learning feature map asks of a round: a predictor whose gradients at the samples are
/// random numbers, with some features that matter more than others.
class LearningStandIn {
 public:
  LearningStandIn(const Trial& trial, const Table& inputs, const Table& targets);
  LearningStandIn(const LearningStandIn&) = delete;
  LearningStandIn& operator=(const LearningStandIn&) = delete;
  const onager_learning& abi() const { return table_; }

 private:
  static const LearningStandIn& of(const onager_learning* raw);
  static onager_status mean_outer_product(const onager_learning* raw, std::uint32_t flags,
                                          onager_array* out);
  static onager_status agop_of(const onager_learning* raw, std::uint32_t flags, std::int64_t count,
                               const std::int64_t* samples, onager_array* out);
  static onager_status gradients(const onager_learning* raw, std::int64_t output,
                                 std::int64_t first, onager_array* out);
  static onager_status array(const onager_learning* raw, const char* name, onager_array* out);

  std::vector<Table> gradients_;  // one an output, samples x features
  GuardedArray inputs_, targets_, predictions_;
  onager_learning table_;
};

}  // namespace onager::host::conformance
