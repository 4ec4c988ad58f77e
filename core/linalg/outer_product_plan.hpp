// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace onager::host {

/// How an average gradient outer product is computed; both are exact. With the weights A (towards
/// z) and t (towards x, times alpha) of docs/mathematics.md:
///
///   by_output   grad f_l(x_i) for every output, then their outer products: c + 1 gemms of n m d
///   sums_first  the sum over outputs and samples before that over features,
///                 G n = Z' (A'A o alpha' alpha) Z + X' (A o t' alpha) Z + its transpose
///                       + X' diag(sum_l t_l²) X
///               with the columns of A centred: one syrk of n m², whatever c is
enum class OuterProductForm { by_output, sums_first };

/// n samples, m centres, d features, c outputs, numbers of `bytes` bytes.
struct OuterProductShape {
  std::int64_t samples, centres, features, outputs;
  std::int64_t number_bytes;
  /// Whether sums_first may be taken: profiles only, gradients used where they arise.
  bool may_sum_first = true;
  /// Matrices of weights a pair: 1, and one more for each kernel that needs the data.
  std::int64_t weights = 1;
};

/// What is done for a shape. It depends on nothing else, so that the same pipeline gives the same
/// bytes on machines with more or less memory.
///
///               flops                                 numbers held
///   by_output   2 n m (d + c) + 2 n m d c + n d² c    rows (m + d k) + m d k + d²
///   sums_first  2 n m (d + c) + n m² + 2 (n m + m²) (c + d)   rows m + m²
///
/// for blocks of `rows` samples and `outputs` outputs (k) at once. sums_first is done in float64;
/// in a float32 run its flops after the weights count twice, and rows m numbers are held as float64
/// too.
struct OuterProductPlan {
  OuterProductForm form;
  std::int64_t rows;     // samples of a block
  std::int64_t outputs;  // outputs of a block
  double flops;
  double bytes;  // most that is held beyond samples, coefficients and the result
};

OuterProductPlan plan_outer_product(const OuterProductShape& shape);
OuterProductPlan plan_outer_product(const OuterProductShape& shape, OuterProductForm form);

}  // namespace onager::host
