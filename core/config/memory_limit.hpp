// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onager::host {

/// How much memory a run may hold: an amount, or a share of what the machine has available when the
/// run begins.
struct MemoryLimit {
  std::string written;      // the value as TOML: `"4 GiB"`, `"75 %"` or `4294967296`
  std::uint64_t bytes = 0;  // of an amount
  double share = 0;         // in (0, 1]; 0 for an amount

  std::uint64_t of(std::uint64_t available) const;
};

/// Nine tenths of what is available, for a pipeline that gives no limit.
std::uint64_t default_memory_limit(std::uint64_t available);

/// What a limit looks like, for messages.
extern const char* const memory_limit_forms;

/// The limit that a text such as "4 GiB", "500 MB" or "75 %" means; nothing when it means none.
/// The space may be left out. Units of 1024: KiB, MiB, GiB, TiB; of 1000: kB, MB, GB, TB; and B.
std::optional<MemoryLimit> memory_limit_from(std::string_view text);

}  // namespace onager::host
