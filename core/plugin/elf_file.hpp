// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace onager::host {

/// Looks at a file before the loader does, whose own messages say little: whether it is there, is a
/// whole shared library, and is for this kind of machine. Throws Error(plugin) that says what it is
/// instead.
void check_shared_object(const std::filesystem::path& file);

}  // namespace onager::host
