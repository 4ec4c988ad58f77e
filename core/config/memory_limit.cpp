// SPDX-License-Identifier: MIT
#include "config/memory_limit.hpp"

#include "base/text.hpp"

#include <charconv>
#include <cmath>

namespace onager::host {

namespace {

struct Unit {
  const char* name;
  double bytes;
};
constexpr Unit units[] = {{"B", 1},
                          {"kB", 1e3},
                          {"MB", 1e6},
                          {"GB", 1e9},
                          {"TB", 1e12},
                          {"KiB", 1024.0},
                          {"MiB", 1024.0 * 1024},
                          {"GiB", 1024.0 * 1024 * 1024},
                          {"TiB", 1024.0 * 1024 * 1024 * 1024}};

// Beyond any machine, and within what an integer of a file can say.
constexpr double most_bytes = 9.0e18;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

const char* const memory_limit_forms =
    "an amount such as \"4 GiB\" or \"500 MB\" (B, kB, MB, GB, TB, KiB, MiB, GiB, TiB), a share of "
    "the available memory such as \"75 %\", or a whole number of bytes";

std::uint64_t MemoryLimit::of(std::uint64_t available) const {
  if (share == 0) return bytes;
  return static_cast<std::uint64_t>(share * static_cast<double>(available));
}

std::uint64_t default_memory_limit(std::uint64_t available) { return available / 10 * 9; }

std::optional<MemoryLimit> memory_limit_from(std::string_view text) {
  const std::string_view whole = trimmed(text);
  double value = 0;
  const char* const end = whole.data() + whole.size();
  const auto [rest, error] = std::from_chars(whole.data(), end, value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value) || value <= 0) return std::nullopt;
  const std::string_view unit =
      trimmed(whole.substr(static_cast<std::size_t>(rest - whole.data())));
  MemoryLimit limit;
  limit.written = toml_string(text);
  if (unit == "%") {
    limit.share = value / 100;
    if (limit.share <= 1) return limit;
    return std::nullopt;
  }
  for (const Unit& known : units)
    if (unit == known.name) {
      const double bytes = std::floor(value * known.bytes);
      if (bytes < 1 || bytes > most_bytes) return std::nullopt;
      limit.bytes = static_cast<std::uint64_t>(bytes);
      return limit;
    }
  return std::nullopt;
}

}  // namespace onager::host
