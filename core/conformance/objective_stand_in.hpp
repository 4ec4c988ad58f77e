// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/trial.hpp"

#include <onager/abi.h>

#include <cstdint>

namespace onager::host::conformance {

/// Least squares with a known answer, as an optimizer that goes step by step sees them:
///
///   L(w) = 1/(2n) sum_i (<a_i, w> - b_i)²,   b = A w* + noise
///
/// scaled so that the largest eigenvalue of A'A/n is `lambda`.
class ObjectiveStandIn {
 public:
  static constexpr std::int64_t samples = 30, parameters = 6;

  ObjectiveStandIn(const Trial& trial, double lambda, onager_dtype dtype);
  ObjectiveStandIn(const ObjectiveStandIn&) = delete;
  ObjectiveStandIn& operator=(const ObjectiveStandIn&) = delete;
  const onager_objective& abi() const { return table_; }

  /// From this call of evaluate on, counted from 1, it answers ONAGER_NUMERICAL; 0: never.
  void fail_from(std::int64_t call) { fails_from_ = call; }
  bool failed() const { return failed_; }

  double loss(const Table& w) const;
  double loss(const Table& w, std::int64_t count, const std::int64_t* list) const;
  /// The least loss that there is.
  double least_loss() const { return loss(solution_); }
  Table start(const Trial& trial) const;

 private:
  static ObjectiveStandIn& of(const onager_objective* raw);
  double residual(const Table& w, std::int64_t sample) const;
  bool usable(const onager_array* a, std::int64_t count, const std::int64_t* list) const;
  void solve_normal_equations();
  static onager_status evaluate(const onager_objective* raw, const onager_array* w,
                                std::int64_t count, const std::int64_t* list, double* loss,
                                onager_array* gradient);
  static onager_status hessian_product(const onager_objective* raw, const onager_array* w,
                                       std::int64_t count, const std::int64_t* list,
                                       const onager_array* u, onager_array* out);
  static onager_status lambda(const onager_objective* raw, const onager_array* w,
                              std::int64_t count, const std::int64_t* list, double tolerance,
                              double* out);
  /// A'A / count over the samples of a list.
  Table hessian(std::int64_t count, const std::int64_t* list) const;

  Table a_, b_, solution_;
  std::int64_t calls_ = 0, fails_from_ = 0;
  bool failed_ = false;
  onager_objective table_;
};

}  // namespace onager::host::conformance
