// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>

namespace onager::host {

/// Bytes that this process can still take: the least of what the machine has available
/// (MemAvailable), what each control group above the process leaves (version 1 or 2; cached files
/// that the system would give up do not count as taken), and what RLIMIT_AS leaves. `root` holds
/// proc and sys. 4 GiB where the system tells nothing.
std::uint64_t available_memory(const std::filesystem::path& root = "/");

/// Bytes of this process that are in memory now.
std::uint64_t resident_memory();

}  // namespace onager::host
