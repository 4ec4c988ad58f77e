// SPDX-License-Identifier: MIT
#pragma once

#include "config/plan.hpp"
#include "plugin/registry.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// lock.toml of a plan: each plugin it uses with id, version, ABI, file and SHA-256, and where it
/// was installed from a package, that package's file name and SHA-256.
std::string lock_toml(const Plan& plan);

/// The plugins that a lock.toml names. Throws Error(system) when it cannot be read, Error(config)
/// with the place when it is not one.
std::vector<PluginPin> read_lock(const std::filesystem::path& lock_file);

/// How near a plugin must be to the locked one: of its version; or the same file, or one that was
/// installed from the same package; or the same file.
enum class Match { version, package, file };

/// Throws Error(plugin) that lists every plugin of a lock file that is not here, with what to
/// install. To be asked before a plan is read, which would miss components one by one.
void require_installed(const Registry& registry, const std::vector<PluginPin>& pins,
                       const std::filesystem::path& lock_file);

/// The plugins of a plan that are not as locked: a line each, with id and both versions or hashes.
std::vector<std::string> lock_differences(const Plan& plan, const std::vector<PluginPin>& pins,
                                          Match match);

/// Throws Error(plugin) that lists them.
void require_locked(const Plan& plan, const std::vector<PluginPin>& pins,
                    const std::filesystem::path& lock_file);

}  // namespace onager::host
