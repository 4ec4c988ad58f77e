// SPDX-License-Identifier: MIT
#include "../../common/square_loss.hpp"

namespace {

/// L = 1/2 sum_i |f_i - y_i|², sum over samples and outputs.
///
/// Gradient descent is critical at 2/lambda = 2 / lambda_max(K), K the tangent kernel. The loss of
/// a batch is that much smaller than the whole.
struct HalfSumOfSquares {
  static double of(std::int64_t, std::int64_t) { return 0.5; }
};

}  // namespace

ONAGER_PLUGIN("org.onager.half_sse", "1.0.0", "MIT",
              onager::loss<onager::plugins::SquareLoss<HalfSumOfSquares>>(
                  "half_sse", "Half the squared error, sum over samples and outputs"))
