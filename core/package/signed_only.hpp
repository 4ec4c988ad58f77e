// SPDX-License-Identifier: MIT
#pragma once

#include "package/known_keys.hpp"
#include "plugin/registry.hpp"

#include <vector>

namespace onager::host {

/// The refusal of LoadRules for --require-signed: of all but the program's own plugins, a library
/// may be loaded only as it was installed from a package that one of these keys signed.
decltype(LoadRules::refusal) only_signed(std::vector<KnownKey> keys);

}  // namespace onager::host
