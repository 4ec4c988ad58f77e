// SPDX-License-Identifier: MIT
#include "../../common/square_loss.hpp"

namespace {

/// L = 1/(2 n) sum_i |f_i - y_i|², mean over samples and sum over outputs.
///
/// Gradient descent is critical at 2/lambda = 2 n / lambda_max(K), K the tangent kernel.
struct HalfMeanSquaredError {
  static double of(std::int64_t samples, std::int64_t) {
    return 0.5 / static_cast<double>(samples);
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.half_mse", "1.0.0", "MIT",
              onager::loss<onager::plugins::SquareLoss<HalfMeanSquaredError>>(
                  "half_mse", "Half the squared error, mean over samples, sum over outputs"))
