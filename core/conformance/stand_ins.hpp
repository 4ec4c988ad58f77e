// SPDX-License-Identifier: MIT
#pragma once

#include <onager/abi.h>

namespace onager::host::conformance {

/// What the suite gives to components that hold others: a kernel of each form, a model and a loss.
/// They have no parameters, and their ids begin with "stand_in_".
const onager_plugin* stand_ins();

}  // namespace onager::host::conformance
