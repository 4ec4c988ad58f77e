// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/general_checks.hpp"
#include "conformance/kernel_function.hpp"

namespace onager::host::conformance {

/// The calls of a kernel on moderate samples, for the checks of any call.
Operations kernel_operations(const KernelFunction& kernel, const Trial& trial);

/// It offers one of the four forms.
void check_kernel_form(Trial& trial);

/// Slopes are refused or given alike, and values do not depend on whether slopes are asked for.
void check_kernel_outputs(Trial& trial, const KernelFunction& kernel);

/// No NaN for finite numbers of any size.
void check_kernel_extremes(Trial& trial, const KernelFunction& kernel);

/// k(x, z) = k(z, x).
void check_kernel_symmetry(Trial& trial, const KernelFunction& kernel);

/// No eigenvalue of a kernel matrix is below 0 by more than rounding.
void check_kernel_definiteness(Trial& trial, const KernelFunction& kernel);

/// Slopes, or the gradient of a block, against difference quotients.
void check_kernel_derivative(Trial& trial, const KernelFunction& kernel);

/// A kernel that offers a profile and a block gives the same by both.
void check_kernel_forms_agree(Trial& trial, const KernelFunction& kernel);

}  // namespace onager::host::conformance
