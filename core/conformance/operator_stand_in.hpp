// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/trial.hpp"

#include <onager/abi.h>

#include <cstdint>

namespace onager::host::conformance {

/// What an operator does at one of its calls instead of answering.
enum class Mishap {
  none,
  fails,   // answers ONAGER_NUMERICAL with a reason
  stopped  // the user asks to stop, so from then on it answers ONAGER_CANCELLED
};

/// A symmetric matrix as a solver of kernel systems sees it.
class OperatorStandIn {
 public:
  /// `at_call`: the call, from 1, at which the mishap happens.
  OperatorStandIn(Table matrix, onager_dtype dtype, Mishap mishap = Mishap::none,
                  std::int64_t at_call = 0);
  ~OperatorStandIn();
  OperatorStandIn(const OperatorStandIn&) = delete;
  OperatorStandIn& operator=(const OperatorStandIn&) = delete;
  const onager_operator& abi() const { return table_; }
  const Table& matrix() const { return matrix_; }
  bool mishap_happened() const { return happened_; }

 private:
  static OperatorStandIn& of(const onager_operator* raw);
  onager_status begin_call();
  double entry(std::int64_t i, std::int64_t j) const;
  static onager_status diagonal(const onager_operator* raw, onager_array* out);
  static onager_status block(const onager_operator* raw, std::int64_t row_count,
                             const std::int64_t* rows, std::int64_t col_count,
                             const std::int64_t* cols, onager_array* out);
  static onager_status product(const onager_operator* raw, const onager_array* v,
                               onager_array* out);
  static onager_status fill(const onager_operator* raw, std::int32_t part, onager_array* out);
  static onager_status part_product(const onager_operator* raw, std::int64_t row_count,
                                    const std::int64_t* rows, std::int64_t col_count,
                                    const std::int64_t* cols, const onager_array* v,
                                    onager_array* out);

  const Table matrix_;
  const Mishap mishap_;
  const std::int64_t at_call_;
  std::int64_t calls_ = 0;
  bool happened_ = false;
  onager_operator table_;
};

}  // namespace onager::host::conformance
