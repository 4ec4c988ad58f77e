// SPDX-License-Identifier: MIT
#include "linalg/outer_product_plan.hpp"

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

// A block's weights: enough rows that a gemm with them runs at its rate, whatever m is.
constexpr double weights_bytes = 256 << 20;
constexpr double gradients_bytes = 256 << 20;
// Centres up to which m² numbers in float64 are held: 1 GiB.
constexpr std::int64_t most_centres = 11585;
constexpr std::int64_t row_multiple = 128;

std::int64_t rows_within(double bytes, double bytes_a_row, std::int64_t samples) {
  const auto rows = static_cast<std::int64_t>(bytes / std::max(bytes_a_row, 1.0));
  const auto whole = std::max(rows / row_multiple, std::int64_t{4}) * row_multiple;
  return std::clamp<std::int64_t>(whole, 1, std::max<std::int64_t>(samples, 1));
}

}  // namespace

OuterProductPlan plan_outer_product(const OuterProductShape& s, OuterProductForm form) {
  const auto n = static_cast<double>(s.samples), m = static_cast<double>(s.centres),
             d = static_cast<double>(s.features), c = static_cast<double>(s.outputs),
             size = static_cast<double>(s.number_bytes), layers = static_cast<double>(s.weights);
  OuterProductPlan plan{form, 0, s.outputs, 0, 0};
  if (form == OuterProductForm::sums_first) {
    // the weights in the run's precision, and as float64 where that is another
    plan.rows = rows_within(weights_bytes, m * 16, s.samples);
    const auto rows = static_cast<double>(plan.rows);
    const bool narrow = s.number_bytes == 4;
    const double pace = narrow ? 2 : 1;
    plan.flops =
        2 * n * m * (d + c) + pace * (n * m * m + 2 * n * m * (c + d) + 2 * m * m * (c + d));
    plan.bytes =
        rows * m * (narrow ? size + 8 : size) + 8 * (m * m + (n + 3 * m) * (d + c) + 3 * d * d);
    return plan;
  }
  const double one = std::max(n, m) * d * size;
  plan.outputs =
      std::clamp<std::int64_t>(static_cast<std::int64_t>(gradients_bytes / std::max(one, 1.0)), 1,
                               std::max<std::int64_t>(s.outputs, 1));
  plan.rows = rows_within(weights_bytes, m * size * layers, s.samples);
  const auto rows = static_cast<double>(plan.rows), k = static_cast<double>(plan.outputs);
  plan.flops = 2 * n * m * (d + c) + 2 * n * m * d * c + n * d * d * c;
  // gradients before and after they are carried back
  plan.bytes = size * (rows * m * layers + m * d * k + 2 * rows * d * k + rows * c + d * d);
  return plan;
}

OuterProductPlan plan_outer_product(const OuterProductShape& shape) {
  const auto by_output = plan_outer_product(shape, OuterProductForm::by_output);
  if (!shape.may_sum_first || shape.centres > most_centres) return by_output;
  const auto sums_first = plan_outer_product(shape, OuterProductForm::sums_first);
  return sums_first.flops < by_output.flops ? sums_first : by_output;
}

}  // namespace onager::host
