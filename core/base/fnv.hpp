// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace onager::host {

constexpr std::uint64_t fnv_begin = 0xCBF29CE484222325u;

/// FNV-1a over bytes, going on from `hash`.
inline std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash = fnv_begin) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

}  // namespace onager::host
