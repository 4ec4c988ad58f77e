// SPDX-License-Identifier: MIT
#pragma once

#include <onager/abi.h>

namespace onager::host::conformance {

/// A model with exact derivatives that is nonlinear in its parameters and in its inputs:
///
///   f_l(w; x) = s_l + s_l²/2,  s_l = sum_j W_lj x_j,  W = w as c x d.
///
/// For models that hold another, and for views of networks. Without parameters.
const onager_component& stand_in_model();

}  // namespace onager::host::conformance
