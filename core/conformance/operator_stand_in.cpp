// SPDX-License-Identifier: MIT
#include "conformance/operator_stand_in.hpp"

#include "base/interrupt.hpp"
#include "plugin/instance.hpp"

#include <fmt/format.h>

namespace onager::host::conformance {

namespace {

constexpr std::uint64_t memory_allowed = std::uint64_t{64} << 20;

onager_status refuse(const char* call, const onager_array& a, std::int64_t rows,
                     std::int64_t cols) {
  keep_error_reason(
      fmt::format("{} of the operator was given an array of {} x {} where {} x {} was "
                  "expected, or of another number type",
                  call, a.rows, a.cols, rows, cols));
  return ONAGER_INVALID;
}

}  // namespace

OperatorStandIn::OperatorStandIn(Table matrix, onager_dtype dtype, Mishap mishap,
                                 std::int64_t at_call)
    : matrix_(std::move(matrix)),
      mishap_(mishap),
      at_call_(at_call),
      table_{sizeof table_, dtype, this,    matrix_.rows, memory_allowed,
             diagonal,      block, product, fill,         part_product} {}

OperatorStandIn::~OperatorStandIn() {
  if (mishap_ == Mishap::stopped) clear_stop_request();
}

OperatorStandIn& OperatorStandIn::of(const onager_operator* raw) {
  return *static_cast<OperatorStandIn*>(raw->context);
}

onager_status OperatorStandIn::begin_call() {
  if (++calls_ >= at_call_ && mishap_ != Mishap::none) {
    happened_ = true;
    if (mishap_ == Mishap::fails) {
      keep_error_reason("the operator could not be computed");
      return ONAGER_NUMERICAL;
    }
    request_stop();
    keep_error_reason("stopped on request");
    return ONAGER_CANCELLED;
  }
  return ONAGER_OK;
}

double OperatorStandIn::entry(std::int64_t i, std::int64_t j) const {
  // as the run's precision has it
  return table_.dtype == ONAGER_FLOAT32 ? static_cast<float>(matrix_(i, j)) : matrix_(i, j);
}

onager_status OperatorStandIn::diagonal(const onager_operator* raw, onager_array* out) {
  auto& self = of(raw);
  if (const auto status = self.begin_call()) return status;
  if (out->rows != raw->size || out->cols != 1 || out->dtype != raw->dtype)
    return refuse("diagonal", *out, raw->size, 1);
  for (std::int64_t i = 0; i < raw->size; ++i) set_element(*out, i, 0, self.entry(i, i));
  return ONAGER_OK;
}

onager_status OperatorStandIn::block(const onager_operator* raw, std::int64_t row_count,
                                     const std::int64_t* rows, std::int64_t col_count,
                                     const std::int64_t* cols, onager_array* out) {
  auto& self = of(raw);
  if (const auto status = self.begin_call()) return status;
  if (out->rows != row_count || out->cols != col_count || out->dtype != raw->dtype)
    return refuse("block", *out, row_count, col_count);
  for (std::int64_t i = 0; i < row_count; ++i)
    for (std::int64_t j = 0; j < col_count; ++j)
      set_element(*out, i, j, self.entry(rows[i], cols[j]));
  return ONAGER_OK;
}

onager_status OperatorStandIn::product(const onager_operator* raw, const onager_array* v,
                                       onager_array* out) {
  return part_product(raw, raw->size, nullptr, raw->size, nullptr, v, out);
}

onager_status OperatorStandIn::fill(const onager_operator* raw, std::int32_t part,
                                    onager_array* out) {
  auto& self = of(raw);
  if (const auto status = self.begin_call()) return status;
  if (out->rows != raw->size || out->cols != raw->size || out->dtype != raw->dtype)
    return refuse("fill", *out, raw->size, raw->size);
  for (std::int64_t i = 0; i < raw->size; ++i)
    for (std::int64_t j = 0; j < (part == ONAGER_LOWER ? i + 1 : raw->size); ++j)
      set_element(*out, i, j, self.entry(i, j));
  return ONAGER_OK;
}

onager_status OperatorStandIn::part_product(const onager_operator* raw, std::int64_t row_count,
                                            const std::int64_t* rows, std::int64_t col_count,
                                            const std::int64_t* cols, const onager_array* v,
                                            onager_array* out) {
  auto& self = of(raw);
  if (const auto status = self.begin_call()) return status;
  if (v->rows != col_count || v->dtype != raw->dtype)
    return refuse("product", *v, col_count, out->cols);
  if (out->rows != row_count || out->cols != v->cols || out->dtype != raw->dtype)
    return refuse("product", *out, row_count, v->cols);
  // row by row through a buffer: out may be v
  Table sums(row_count, v->cols);
  for (std::int64_t i = 0; i < row_count; ++i)
    for (std::int64_t j = 0; j < col_count; ++j) {
      const double k = self.entry(rows ? rows[i] : i, cols ? cols[j] : j);
      for (std::int64_t c = 0; c < v->cols; ++c) sums(i, c) += k * element(*v, j, c);
    }
  sums.copy_to(*out);
  return ONAGER_OK;
}

}  // namespace onager::host::conformance
