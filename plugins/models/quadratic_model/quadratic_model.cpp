// SPDX-License-Identifier: MIT
#include "../../common/taylor_model.hpp"

ONAGER_PLUGIN(
    "org.onager.quadratic_model", "1.0.0", "MIT",
    onager::model<onager::plugins::TaylorModel<2>>(
        "quadratic_model", "Any model, to second order in its parameters about its start",
        {onager::component("of", "model", "The model; both start from the same parameters")})
        .cite("Zhu, Liu, Radhakrishnan, Belkin, Quadratic models for understanding catapult "
              "dynamics of neural networks, ICLR 2024"))
