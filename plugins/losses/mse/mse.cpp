// SPDX-License-Identifier: MIT
#include "../../common/square_loss.hpp"

namespace {

/// L = 1/(n c) sum_i sum_l (f_il - y_il)², the mean squared error.
///
/// With one output gradient descent is critical at 2/lambda = n / lambda_max(K), K the tangent
/// kernel.
struct MeanSquaredError {
  static double of(std::int64_t samples, std::int64_t outputs) {
    return 1 / (static_cast<double>(samples) * static_cast<double>(outputs));
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.mse", "1.0.0", "MIT",
              onager::loss<onager::plugins::SquareLoss<MeanSquaredError>>(
                  "mse", "Squared error, mean over samples and outputs"))
