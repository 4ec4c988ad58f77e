// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace onager::host {

/// Builds the plugin of a folder of sources in the folder `build` (made, with a log beside what
/// CMake leaves) and returns its library: by CMake in Release, against this program's SDK, with
/// -DBUILD_TESTING=OFF, and without the folder's name in what the compiler writes, so that equal
/// sources give equal libraries. Throws Error(plugin) that says what is missing or went wrong: no
/// CMakeLists.txt, no cmake, no compiler, no SDK, the end of the compiler's output, or other than
/// one plugin built. Throws Error(interrupted) when the user stops it.
std::filesystem::path build_plugin(const std::filesystem::path& sources,
                                   const std::filesystem::path& build);

}  // namespace onager::host
