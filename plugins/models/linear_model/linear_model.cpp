// SPDX-License-Identifier: MIT
#include "../../common/taylor_model.hpp"

ONAGER_PLUGIN(
    "org.onager.linear_model", "1.0.0", "MIT",
    onager::model<onager::plugins::TaylorModel<1>>(
        "linear_model", "Any model, linear in its parameters about its start",
        {onager::component("of", "model", "The model; both start from the same parameters")})
        .cite("Lee, Xiao, Schoenholz, Bahri, Novak, Sohl-Dickstein, Pennington, Wide neural "
              "networks of any depth evolve as linear models under gradient descent, NeurIPS "
              "2019"))
