// SPDX-License-Identifier: MIT
//
// What holds for components of any kind.
#pragma once

#include "conformance/specimen.hpp"

namespace onager::host::conformance {

/// The component and its parameters say what they are.
void check_texts(Trial& trial);

/// The tables of its interfaces: the same with and without an instance, complete, and NULL for
/// names that are not known.
void check_interfaces(Trial& trial);

/// Many instances, one after the other, leave no memory behind.
void check_creation(Trial& trial);

/// create answers that there is no memory where there is none, and does not crash.
void check_no_memory(Trial& trial);

}  // namespace onager::host::conformance
