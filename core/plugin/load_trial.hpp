// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/library.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace onager::host {

/// Loads a library in a process of its own, a copy of this one, so that one that crashes, ends the
/// process or does not return in time does no harm here. Gives what `tell` makes of it there.
/// Throws Error(plugin) that names the file and says what is wrong with it, Error(system) when
/// there can be no such process.
std::string try_library(const std::filesystem::path& file,
                        const std::function<std::string(const Library&)>& tell,
                        std::chrono::milliseconds patience = std::chrono::seconds(20));

}  // namespace onager::host
